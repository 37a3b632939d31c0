/** The chain of checks in front of /mcp, and the internal functions behind it. */
import { admission, type Settings } from "../src/admission";
import type { Explain } from "../src/execute";
import { reading } from "../src/reading";
import { apiKeyAuth } from "../src/middleware/apiKeyAuth";
import { originCheck } from "../src/middleware/originCheck";
import { rateLimit } from "../src/middleware/rateLimit";
import { rbac } from "../src/middleware/rbac";
import { streamBudget } from "../src/middleware/streamBudget";
import { internal } from "./_generated/api";
import { env, internalMutation, internalQuery } from "./_generated/server";
import { surface } from "./surface";

/**
 * Outermost first. `streamBudget` and `rateLimit` stand outside `apiKeyAuth` and read its verdict: a place is taken last, and
 * failures are counted apart from a key's own calls.
 */
export const gate = [
  originCheck({
    allowedOrigins: () => env.TOOLGATE_ALLOWED_ORIGINS,
    siteUrl: () => env.CONVEX_SITE_URL,
  }),
  streamBudget({ perKey: 4, perDeployment: 24 }),
  rateLimit({ scale: () => env.TOOLGATE_LIMIT_SCALE }),
  apiKeyAuth({ peppers: () => env.TOOLGATE_PEPPERS }),
  rbac(),
] as const;

const explain: Explain = internal.catalog.explain;

const settings: Settings = { surface, explain, jobs: internal.jobs };

/** Decides on a call, runs it if its tool is a mutation, and writes the audit row: one transaction. */
export const admit = internalMutation(admission(gate, settings));

/** Runs a query tool. */
export const read = internalQuery(reading(surface, explain));
