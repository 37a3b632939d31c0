/** The checks in front of /mcp, the outermost first. Change them as you like. (toolgate 0.2.0) */
import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "toolgate/middleware";
export const chain = [originCheck(), streamBudget(), rateLimit(), apiKeyAuth(), rbac()] as const;
