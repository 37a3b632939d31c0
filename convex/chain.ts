/** The chain of checks in front of /mcp. Apart from gate.ts, so that http.ts need not evaluate what runs in the database. */
import { apiKeyAuth } from "../src/middleware/apiKeyAuth";
import { originCheck } from "../src/middleware/originCheck";
import { rateLimit } from "../src/middleware/rateLimit";
import { rbac } from "../src/middleware/rbac";
import { streamBudget } from "../src/middleware/streamBudget";
import { env } from "./_generated/server";

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
