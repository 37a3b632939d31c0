/** Who is calling: what apiKeyAuth proves and what a tool receives. */
import { v, type Infer } from "convex/values";

/**
 * The authenticated caller. A bound function that declares an argument `principal` with this validator gets it from the
 * server; it is never part of a tool's schema, so a client cannot send one.
 */
export const principalValidator = () =>
  v.object({
    /** The agent or service the key was issued to; stays the same when the key is rotated. */
    subject: v.string(),
    /** The tenant whose rows the caller may touch. */
    tenant: v.string(),
    /** The name of the caller's role. */
    role: v.string(),
    /** The public id of the key, safe to log. */
    keyId: v.string(),
  });

export type Principal = Infer<ReturnType<typeof principalValidator>>;
