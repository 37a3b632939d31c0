/** The checks in front of /mcp, all in one place. Change them as you like. */
import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "../../src/entry/middleware";

/**
 * The outermost check is first. `streamBudget` and `rateLimit` stand outside `apiKeyAuth` and read its verdict. So a stream lease is
 * taken last, and failed keys are counted apart from the calls of a valid key.
 */
export const chain = [originCheck(), streamBudget(), rateLimit(), apiKeyAuth(), rbac()] as const;
