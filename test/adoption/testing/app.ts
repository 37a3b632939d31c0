/** A small app without tenants: a table, three functions, and the glue as `init` writes it. */
import {
  anyApi,
  defineSchema,
  defineTable,
  httpActionGeneric,
  httpRouter,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import { adminModule } from "../../../src/entry/admin";
import { catalogModule } from "../../../src/entry/catalog";
import { gateModule } from "../../../src/entry/gate";
import { compose, mcp, registerRoutes } from "../../../src/entry/http";
import { jobsModule } from "../../../src/entry/jobs";
import {
  apiKeyAuth,
  originCheck,
  rateLimit,
  rbac,
  streamBudget,
} from "../../../src/entry/middleware";
import { readingModule } from "../../../src/entry/reading";
import { toolgateTables } from "../../../src/entry/tables";
import { defineToolgate, tool, type Toolgate } from "../../../src/entry/tools";
import { workerModule } from "../../../src/entry/worker";

export const schema = defineSchema({
  ...toolgateTables,
  notes: defineTable({ text: v.string() }),
});

const notes = {
  add: internalMutationGeneric({
    args: { text: v.string() },
    returns: v.id("notes"),
    handler: async ({ db }, note) => {
      if (note.text === "") throw new ConvexError({ code: "empty", message: "Say something." });
      return db.insert("notes", note);
    },
  }),
  list: internalQueryGeneric({
    args: {},
    returns: v.array(v.string()),
    handler: async ({ db }) =>
      (await db.query("notes").take(100)).map(({ text }): string => text as string),
  }),
  send: internalActionGeneric({
    args: {},
    returns: v.object({ sent: v.boolean() }),
    handler: async () => ({ sent: true }),
  }),
};

const writes = { permission: "notes:write", destructive: false, idempotent: false } as const;

const app: Toolgate = defineToolgate({
  name: "notes",
  version: "1.0.0",
  permissions: ["notes:read", "notes:write"],
  roles: () => ({ viewer: ["notes:read"], editor: ["notes:read", "notes:write"] }),
  tools: {
    notes_list: () =>
      tool.query(anyApi.notes!.list!, { permission: "notes:read", description: "All notes." }),
    notes_add: () => tool.mutation(anyApi.notes!.add!, { ...writes, description: "Add a note." }),
    notes_send: () => tool.action(anyApi.notes!.send!, { ...writes, description: "Send them." }),
  },
});

const chain = [originCheck(), streamBudget(), rateLimit(), apiKeyAuth(), rbac()] as const;

const http = httpRouter();
registerRoutes(http, httpActionGeneric(compose(...chain)(mcp(app))), app);

const files: Readonly<Record<string, object>> = {
  "_generated/api": {},
  http: { default: http },
  notes,
  "toolgate/admin": adminModule(app),
  "toolgate/catalog": catalogModule(app, { notes }),
  "toolgate/gate": gateModule(app, chain),
  "toolgate/jobs": jobsModule(app),
  "toolgate/reading": readingModule(app),
  "toolgate/worker": workerModule(app),
};

/** As `import.meta.glob` gives them. */
export const modules = Object.fromEntries(
  Object.entries(files).map(([path, module]) => [`./${path}.ts`, async () => module]),
);
