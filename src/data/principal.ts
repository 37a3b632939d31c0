/** The authenticated caller: as a guard proves it, and as a function receives it. */
import { v, type Infer } from "convex/values";

const identityFields = () => ({
  /** The agent or service that the key was issued to. It stays the same when the key is rotated. */
  subject: v.string(),
  /** The tenant whose rows the caller may touch. */
  tenant: v.string(),
  /** The name of the caller's role. */
  role: v.string(),
  /** The public id of the key, safe to log. */
  keyId: v.string(),
  /** The public id of the connection, for a call by OAuth; absent for a call with the key itself. */
  grantId: v.optional(v.string()),
});

/** The validator of `Identity`. */
export const identityValidator = () => v.object(identityFields());

/** Who calls, as `apiKeyAuth` proves it. */
export type Identity = Infer<ReturnType<typeof identityValidator>>;

/**
 * The identity alone. A guard of an app's own may put members of its own into the principal, for the guards further in. Rows and functions
 * of the gate take none of them.
 */
export const identityOf = ({ subject, tenant, role, keyId, grantId }: Identity): Identity =>
  grantId === undefined
    ? { subject, tenant, role, keyId }
    : { subject, tenant, role, keyId, grantId };

/**
 * The validator of the argument `principal`. A bound function that declares it gets the authenticated caller from the server. The
 * argument is never part of a tool's schema, so a client cannot send one.
 */
export const principalValidator = () =>
  v.object({
    ...identityFields(),
    /**
     * The id of the call, a UUID. The call's audit row has it, and the `_meta` of its result. A row that keeps it names the call that
     * made it. All runs of one job have the same.
     */
    operation: v.string(),
  });

/** The authenticated caller and the id of the call. */
export type Principal = Infer<ReturnType<typeof principalValidator>>;

/** The tenant of all keys in an app with one tenant. Nobody is told of it. */
export const ONLY_TENANT = "main";
