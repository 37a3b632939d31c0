/** An app with the functions of notes.ts as tools, added the way the README says. */
import { anyApi, httpRouter, type ApiFromModules, type FilterApi } from "convex/server";
import type { FunctionReference } from "convex/server";
import { internal } from "../../../convex/_generated/api";
import { httpAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { gate } from "../../../convex/chain";
import * as ownJobs from "../../../convex/jobs";
import type { Permission } from "../../../convex/permissions";
import { admission, type Settings } from "../../../src/gate/admission";
import { explaining, listing } from "../../../src/catalog/catalog";
import { compose } from "../../../src/middleware/compose";
import { mcp } from "../../../src/mcp/endpoint";
import { reading } from "../../../src/run/reading";
import { tool, type Registry } from "../../../src/registry/tools";
import { newBackend } from "../../support/gate";
import type { Front } from "../../support/http";
import { workerWith } from "../../support/jobs";
import * as notes from "./notes";

/** What codegen would write. */
export const app = anyApi as unknown as FilterApi<
  ApiFromModules<{ notes: typeof notes }>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  FunctionReference<any, "internal">
>;

const tools: Registry<Permission> = {
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

const settings: Settings = { surface: { tools }, functions: internal };
const catalog = { tools, modules: { notes } };

/**
 * @param front - what stands in front of the gate.
 * @param jobs - functions in place of some of the jobs module's own.
 */
export const newApp = (front: Front = (_ctx, _request, next) => next({}), jobs: object = {}) => {
  const http = httpRouter();
  const endpoint = compose(
    front,
    ...gate,
  )(
    mcp({
      name: "notes",
      version: "1",
      tools,
      functions: internal,
      peppers: () => process.env.TOOLGATE_PEPPERS,
    }),
  );
  http.route({ path: "/mcp", method: "POST", handler: httpAction(endpoint) });
  const modules = {
    notes,
    gate: {
      admit: internalMutation(admission(gate, settings)),
    },
    reading: { read: internalQuery(reading({ tools }, internal)) },
    jobs: { ...ownJobs, ...jobs },
    worker: workerWith(tools),
    catalog: {
      list: internalQuery(listing(catalog)),
      explain: internalQuery(explaining(catalog)),
    },
    http: { default: http },
  };
  return newBackend(
    Object.fromEntries(
      Object.entries(modules).map(([name, module]) => [
        `../../convex/${name}.ts`,
        () => Promise.resolve(module),
      ]),
    ),
  );
};
