/** What a row of the audit log says, beside its time: as it is stored, and as operators read it. */
import { v } from "convex/values";
import { auditOutcomeValidator } from "./values";

/** Field → validator. */
export const auditFields = () => ({
  /** The id of the call, a UUID. Absent in rows about an operator's change. */
  operation: v.optional(v.string()),
  /** Of a call that repeats or returns to an earlier one: the operation of that call. */
  original: v.optional(v.string()),
  method: v.string(),
  tool: v.optional(v.string()),
  /** The URI of a resource or the name of a prompt. Of a call of a tool: the id of the job that it began, waits as, or returns to. */
  target: v.optional(v.string()),
  /** Redacted, and cut after 2,048 characters. If cut, `digest` is the SHA-256 of the whole redacted arguments. */
  arguments: v.optional(v.string()),
  digest: v.optional(v.string()),
  keyId: v.optional(v.string()),
  /** The connection that was used, if it was not the key itself. */
  grantId: v.optional(v.string()),
  subject: v.optional(v.string()),
  tenant: v.optional(v.string()),
  role: v.optional(v.string()),
  outcome: auditOutcomeValidator(),
  /** The reason of a refusal, or the error code of a tool. */
  reason: v.optional(v.string()),
  /** From the arrival of the request to its admission, in milliseconds. */
  waitedMs: v.optional(v.number()),
  /** In milliseconds: how long the mutation of a call ran, without its commit; of the end of a job, how long the job took. */
  ms: v.optional(v.number()),
  /** The MCP revision; or `job` for the end of a job, and `operator` for an operator's change. */
  protocol: v.string(),
  /** Hints from the client, not proof. */
  client: v.optional(v.string()),
  ip: v.optional(v.string()),
  /** The parent of the call in the client's trace (W3C Trace Context). */
  traceparent: v.optional(v.string()),
});
