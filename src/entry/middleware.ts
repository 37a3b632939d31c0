/** The door for the chain in front of the endpoint: the middleware that comes with the library. */
export { apiKeyAuth } from "../middleware/apiKeyAuth";
export type { CallClaim, Guard, Handler, Middleware, Verdict } from "../middleware/guard";
export { originCheck, type OriginCheckOptions } from "../middleware/originCheck";
export { rateLimit, type RateLimitOptions } from "../middleware/rateLimit";
export { rbac } from "../middleware/rbac";
export { streamBudget, type StreamBudgetOptions } from "../middleware/streamBudget";
export type { Refusal } from "../data/refusal";
