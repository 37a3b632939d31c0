/** The door for the chain in front of the endpoint: `compose`, and the middleware that comes with the library. */
export { apiKeyAuth } from "../middleware/apiKeyAuth";
export { compose } from "../middleware/compose";
export type { CallClaim, Guard, Handler, Middleware, Verdict } from "../middleware/guard";
export { originCheck, type OriginCheckOptions } from "../middleware/originCheck";
export { rateLimit, type RateLimitOptions } from "../middleware/rateLimit";
export { rbac } from "../middleware/rbac";
export { streamBudget, type StreamBudgetOptions } from "../middleware/streamBudget";
export type { Refusal } from "../data/refusal";
