/** What the guards add for a call that is let in. */
import type { Rights } from "../auth/rights";
import type { Principal } from "../data/principal";
import type { WithStreamLease } from "../middleware/streamBudget";

/** `apiKeyAuth` and `rbac` add who is calling; `streamBudget` adds the lease of a request that stays open. */
export interface Caller extends Partial<WithStreamLease> {
  readonly principal: Principal;
  readonly rights: Rights;
}
