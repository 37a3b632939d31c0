/** Puts a small app together out of the library's own parts, for tests with tools, prompts and resources of their own. */
import { httpRouter } from "convex/server";
import { internal } from "../../convex/_generated/api";
import { httpAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { gate as erpGate } from "../../convex/chain";
import { admission } from "../../src/gate/admission";
import { explaining, listing } from "../../src/catalog/catalog";
import { compose } from "../../src/middleware/compose";
import { mcp } from "../../src/mcp/endpoint";
import { reading } from "../../src/run/reading";
import type { Registry } from "../../src/registry/registry";
import { newBackend, type Backend } from "./gate";
import { workerWith } from "./jobs";

/**
 * The app.
 *
 * @param functions - what the surface binds, as the module `probe`.
 * @param gate - the ERP's unless given.
 */
export const newSmallApp = (surface: Registry, functions: object, gate = erpGate): Backend => {
  const catalog = { tools: surface.tools, modules: { probe: functions as never } };
  const http = httpRouter();
  const endpoint = httpAction(
    compose(...gate)(
      mcp({
        ...{ name: "probe", version: "1", ...surface, functions: internal },
        peppers: () => process.env.TOOLGATE_PEPPERS,
      }),
    ),
  );
  for (const method of ["POST", "OPTIONS"] as const) {
    http.route({ path: "/mcp", method, handler: endpoint });
  }
  const modules: Record<string, object> = {
    probe: functions,
    http: { default: http },
    gate: {
      admit: internalMutation(admission(gate, { registry: surface, functions: internal })),
    },
    reading: { read: internalQuery(reading(surface, internal)) },
    worker: workerWith(surface.tools),
    catalog: {
      list: internalQuery(listing(catalog)),
      explain: internalQuery(explaining(catalog)),
    },
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
