import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "toolgate/middleware";

export const chain = [
  originCheck(),
  streamBudget({ perKey: 4, perDeployment: 24 }),
  rateLimit(),
  apiKeyAuth(),
  rbac(),
] as const;
