/** The app's /mcp with a middleware of the test in front of the gate, to count or to break what the app asks Convex for. */
import { httpRouter } from "convex/server";
import { internal } from "../../convex/_generated/api";
import { httpAction } from "../../convex/_generated/server";
import { gate } from "../../convex/chain";
import { tools } from "../../convex/tools";
import type { ActionCtx } from "../../src/data/database";
import { mcp } from "../../src/mcp/endpoint";
import { compose } from "../../src/middleware/compose";
import type { Middleware } from "../../src/middleware/guard";

type Runs = Pick<ActionCtx, "runQuery" | "runMutation" | "runAction">;

/** Stands in for `ctx.run*`. */
export type Front = Middleware<ActionCtx, Partial<Runs>>;

/** For `newBackend`: serves the app's gate and tools behind `front`. */
export const behind = (front: Front): Record<string, () => Promise<unknown>> => {
  const handler = compose(
    front,
    ...gate,
  )(
    mcp({
      name: "test",
      version: "1",
      tools,
      functions: internal,
      peppers: () => process.env.TOOLGATE_PEPPERS,
      jobTool: "jobs_get",
    }),
  );
  const http = httpRouter();
  for (const method of ["POST", "GET", "OPTIONS"] as const) {
    http.route({ path: "/mcp", method, handler: httpAction(handler) });
  }
  return { "../../convex/http.ts": () => Promise.resolve({ default: http }) };
};
