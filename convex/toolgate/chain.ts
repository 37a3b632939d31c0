/** The checks in front of /mcp. Yours to change: every one is visible here. */
import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "../../src/entry/middleware";

/**
 * Outermost first. `streamBudget` and `rateLimit` stand outside `apiKeyAuth` and read its verdict: a stream lease is taken last, and
 * failures are counted apart from a key's own calls.
 */
export const chain = [
  originCheck(),
  streamBudget({ perKey: 4, perDeployment: 24 }),
  rateLimit(),
  apiKeyAuth(),
  rbac(),
] as const;
