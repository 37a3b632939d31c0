/** The app's own gate around the same one tool. */
import { httpRouter } from "convex/server";
import { internal } from "../../convex/_generated/api";
import { env, httpAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { gate } from "../../convex/chain";
import { admission } from "../../src/gate/admission";
import { explaining, listing } from "../../src/catalog/catalog";
import { compose } from "../../src/middleware/compose";
import { mcp } from "../../src/mcp/endpoint";
import { reading } from "../../src/run/reading";
import { tool, type Tools } from "../../src/registry/tools";
import { addRef } from "./refs";
import * as sums from "./sums";

const tools: Tools = {
  add: () => tool.query(addRef, { permission: "reports:read", description: "Add two numbers." }),
};

const catalog = { tools, modules: { sums } };

const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpAction(
    compose(...gate)(
      mcp({
        name: "bench",
        version: "1",
        tools,
        functions: internal,
        peppers: () => env.TOOLGATE_PEPPERS,
      }),
    ),
  ),
});

/** The modules of the app, by name. */
export const modules = {
  http: { default: http },
  gate: {
    admit: internalMutation(admission(gate, { registry: { tools }, functions: internal })),
  },
  reading: { read: internalQuery(reading({ tools }, internal)) },
  catalog: {
    list: internalQuery(listing(catalog)),
    explain: internalQuery(explaining(catalog)),
  },
  sums,
};
