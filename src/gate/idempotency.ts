/**
 * Idempotency keys: calls with the same key and the same arguments have one effect and one answer.
 *
 * The record is read and written in the transaction of the effect. A mutation has a record row of its own; an action uses the row of
 * its job.
 *
 * A failed call does not count, so the client may repeat it: the effect of a failed mutation is rolled back, and a failed action has
 * said that it failed. An action that died without a report counts as `unknown`, and does not run again.
 *
 * @see draft-ietf-httpapi-idempotency-key-header-07
 */
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { failed, type Outcome } from "../data/outcome";
import type { Identity } from "../data/principal";
import { resume, waitedTooLong } from "../jobs/job";

/** How long a result can be replayed: 48 hours. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/**
 * Identifies the record of a call with an idempotency key. A key never replays for another tenant, subject or tool. It survives the
 * rotation of the API key.
 *
 * @param args - the arguments without the idempotency key.
 * @returns the scope (tenant, subject and tool), and the digests of key and arguments.
 */
export const idempotencyRecordOf = async (
  { target }: Call,
  key: string,
  args: unknown,
  { tenant, subject }: Identity,
): Promise<IdempotencyRecord> => ({
  scope: JSON.stringify([tenant, subject, target?.name ?? ""]),
  key: await digest(key),
  fingerprint: await digest(args),
});

const mismatch = () =>
  failed(
    "idempotency_mismatch",
    "This idempotency key was used with other arguments. Use a new key.",
  );

/** Only the newest record counts, here and for jobs below. Older ones failed or are too old to replay; the sweep deletes them. */
const newestResult = (tx: GateTx, { scope, key }: IdempotencyRecord) =>
  tx.db
    .query("toolgateIdempotency")
    .withIndex("by_scope_key", (q) => q.eq("scope", scope).eq("key", key))
    .order("desc")
    .first();

const newestJob = (tx: GateTx, { scope, key }: IdempotencyRecord) =>
  tx.db
    .query("toolgateJobs")
    .withIndex("by_idempotency", (q) => q.eq("idempotency.scope", scope).eq("idempotency.key", key))
    .order("desc")
    .first();

/**
 * The outcome of an earlier call of a mutation with the same key: its result as `replayed`, or a failure if its arguments were
 * different. Undefined if no such call has succeeded in the last 48 hours.
 */
export const earlierResult = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
): Promise<Outcome | undefined> => {
  const found = await newestResult(tx, idempotency);
  if (found === null || found.expiresAt <= Date.now()) return undefined;
  if (found.fingerprint !== idempotency.fingerprint) return mismatch();
  return { state: "replayed", result: found.result ?? null, original: found.operation };
};

/**
 * The outcome of an earlier call of an action with the same key: its job while that runs, its result as `replayed`, or a failure if
 * its arguments were different. Undefined if there was no such call, or if its job failed, was cancelled or has expired.
 */
export const earlierJob = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
): Promise<Outcome | undefined> => {
  const job = await newestJob(tx, idempotency);
  if (job === null || job.expiresAt <= Date.now() || waitedTooLong(job)) return undefined;
  return job.idempotency?.fingerprint === idempotency.fingerprint ? resume(tx, job) : mismatch();
};

/**
 * Writes the record of a mutation that has just succeeded, in the same transaction. A job keeps its own record.
 *
 * @param result - JSON text; null if it is too long to keep.
 * @param operation - of the call.
 */
export const keep = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
  result: string | null,
  operation: string,
): Promise<void> => {
  await tx.db.insert("toolgateIdempotency", {
    ...idempotency,
    operation,
    ...defined({ result: result ?? undefined }),
    expiresAt: Date.now() + KEPT_MS,
  });
};
