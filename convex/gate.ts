/** The chain of checks in front of /mcp, and the internal functions behind it. */
import { admission, type Settings } from "../src/admission";
import { reading } from "../src/execute";
import { apiKeyAuth } from "../src/middleware/apiKeyAuth";
import { originCheck } from "../src/middleware/originCheck";
import { rateLimit } from "../src/middleware/rateLimit";
import { rbac } from "../src/middleware/rbac";
import { settling } from "../src/settle";
import { internal } from "./_generated/api";
import { env, internalMutation, internalQuery } from "./_generated/server";
import { tools } from "./tools";

/** Outermost first. `rateLimit` stands outside `apiKeyAuth` to count its failures apart from a key's own calls. */
export const gate = [
  originCheck({
    allowedOrigins: () => env.TOOLGATE_ALLOWED_ORIGINS,
    siteUrl: () => env.CONVEX_SITE_URL,
  }),
  rateLimit({ scale: () => env.TOOLGATE_LIMIT_SCALE }),
  apiKeyAuth({ peppers: () => env.TOOLGATE_PEPPERS }),
  rbac(),
] as const;

const settings: Settings = { tools, explain: internal.catalog.explain };

/** Decides on a call, runs it if its tool is a mutation, and writes the audit row: one transaction. */
export const admit = internalMutation(admission(gate, settings));

/** Runs a query tool. */
export const read = internalQuery(reading(settings));

/** Records how an action tool ended. */
export const settle = internalMutation(settling);
