/**
 * Idempotency keys: the same key with the same arguments has one effect and one answer.
 *
 * The record is read and written in the transaction of the effect: a row of its own for a mutation, the job's row for an action. A
 * failed call does not count, so that it can be made again: a mutation's effect was rolled back, and an action has said that it
 * failed. One that died without a word counts as `unknown`.
 *
 * @see draft-ietf-httpapi-idempotency-key-header-07
 */
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { failed, type Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import { resume } from "../jobs/job";

/** How long a result can be replayed. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/**
 * Where the record of a call with an idempotency key is. A key never replays for another tenant, subject or tool. It survives
 * rotation of the API key.
 */
export const idempotencyRecordOf = async (
  { target }: Call,
  key: string,
  args: unknown,
  { tenant, subject }: Principal,
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

/** The newest of each counts: older ones have failed or are too old to be replayed, and are left to the sweep. */
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

/** What an earlier call of a mutation means for this one; undefined if there was none that succeeded. */
export const earlierResult = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
): Promise<Outcome | undefined> => {
  const found = await newestResult(tx, idempotency);
  if (found === null || found.expiresAt <= Date.now()) return undefined;
  if (found.fingerprint !== idempotency.fingerprint) return mismatch();
  return { state: "replayed", result: found.result ?? null };
};

/** What an earlier call of an action means for this one; undefined if there was none, or if its job said that it failed. */
export const earlierJob = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
): Promise<Outcome | undefined> => {
  const job = await newestJob(tx, idempotency);
  if (job === null || job.expiresAt <= Date.now()) return undefined;
  return job.idempotency?.fingerprint === idempotency.fingerprint ? resume(tx, job) : mismatch();
};

/**
 * Writes the record of a mutation that has just succeeded, in its transaction. A job writes its own.
 *
 * @param result - null if it is too long to keep.
 */
export const keep = async (
  tx: GateTx,
  idempotency: IdempotencyRecord,
  result: string | null,
): Promise<void> => {
  await tx.db.insert("toolgateIdempotency", {
    ...idempotency,
    ...defined({ result: result ?? undefined }),
    expiresAt: Date.now() + KEPT_MS,
  });
};
