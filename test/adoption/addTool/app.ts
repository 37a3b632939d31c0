/** An app with the functions of notes.ts as tools, added the way the README says. */
import { anyApi, type ApiFromModules, type FilterApi, type FunctionReference } from "convex/server";
import { tool, type Tools } from "../../../src/registry/tools";
import { newApp as newTestApp, type Front } from "../../support/app";
import * as notes from "./notes";

/** What codegen would write. */
export const app = anyApi as unknown as FilterApi<
  ApiFromModules<{ notes: typeof notes }>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  FunctionReference<any, "internal">
>;

/** As codegen tells of public functions. */
export const open = anyApi as unknown as FilterApi<
  ApiFromModules<{ notes: typeof notes }>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  FunctionReference<any>
>;

const tools: Tools = {
  notes_add: () =>
    tool.mutation(app.notes.add, {
      permission: "customers:update",
      destructive: false,
      idempotent: false,
      description: "Add a note.",
    }),
  notes_count: () =>
    tool.query(app.notes.count, {
      permission: "customers:read",
      title: "Count notes",
      description: "How many notes there are.",
    }),
  mail_send: () =>
    tool.action(app.notes.send, {
      permission: "customers:update",
      destructive: true,
      idempotent: false,
      description: "Send a mail.",
    }),
};

/**
 * @param front - what stands in front of the gate.
 * @param jobs - functions in place of some of the jobs module's own.
 */
export const newApp = (front?: Front, jobs: object = {}) =>
  newTestApp({
    registry: { tools },
    functions: { notes },
    ...(front === undefined ? {} : { front }),
    overrides: { "toolgate/jobs": jobs },
  });
