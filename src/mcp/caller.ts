/** The additions of the guards to a call that they admit. */
import type { Rights } from "../auth/rights";
import type { Identity } from "../data/principal";
import type { WithStreamLease } from "../middleware/streamBudget";

/** `apiKeyAuth` adds the principal, `rbac` the rights, and `streamBudget` the lease of a request that stays open. */
export interface Caller extends Partial<WithStreamLease> {
  readonly principal: Identity;
  readonly rights: Rights;
}
