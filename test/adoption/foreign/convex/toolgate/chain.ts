import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "toolgate/middleware";

export const chain = [originCheck(), streamBudget(), rateLimit(), apiKeyAuth(), rbac()] as const;
