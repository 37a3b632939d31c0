/** The authenticated caller, as `apiKeyAuth` proves it and a tool receives it. */
import { v, type Infer } from "convex/values";

/**
 * The validator of the argument `principal`. A bound function that declares it gets the authenticated caller from the server. The
 * argument is never part of a tool's schema, so a client cannot send one.
 */
export const principalValidator = () =>
  v.object({
    /** The agent or service that the key was issued to. It stays the same when the key is rotated. */
    subject: v.string(),
    /** The tenant whose rows the caller may touch. */
    tenant: v.string(),
    /** The name of the caller's role. */
    role: v.string(),
    /** The public id of the key, safe to log. */
    keyId: v.string(),
  });

/** The authenticated caller. */
export type Principal = Infer<ReturnType<typeof principalValidator>>;
