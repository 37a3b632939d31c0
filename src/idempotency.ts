/**
 * Idempotency keys: the same key with the same arguments has one effect and one answer.
 *
 * The record is read and written in the transaction of the effect. A failed call is not kept, so that it can be made again: a
 * mutation's effect was rolled back, and an action has said that it failed. One that died without a word is kept as `unknown`.
 *
 * @see draft-ietf-httpapi-idempotency-key-header-07
 */
import type { Doc, GateTx } from "./dataModel";
import { digest } from "./digest";
import { findJob, resume } from "./jobs/job";
import { failed, type Outcome } from "./outcome";
import type { Principal } from "./principal";

/** How long a result can be replayed. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/** 8 to 128 visible ASCII characters. */
export const idempotencyKeyPattern = "^[!-~]{8,128}$";

export const isIdempotencyKey = (value: unknown): value is string =>
  typeof value === "string" && new RegExp(idempotencyKeyPattern).test(value);

type Row = Doc<"mcpIdempotency">;

/** Where the record of a call is, and what it must match. */
export type Slot = Pick<Row, "scope" | "key" | "fingerprint">;

/** A key never replays for another tenant, subject or tool. It survives rotation of the API key. */
export const slotOf = async (
  principal: Principal,
  tool: string,
  args: unknown,
  key: string,
): Promise<Slot> => ({
  scope: JSON.stringify([principal.tenant, principal.subject, tool]),
  key: await digest(key),
  fingerprint: await digest(args),
});

/** What an earlier call in this slot means for this one; undefined if there was none, or if it failed. */
export const earlierOutcome = async (tx: GateTx, slot: Slot): Promise<Outcome | undefined> => {
  const found = await tx.db
    .query("mcpIdempotency")
    .withIndex("by_scope_key", (q) => q.eq("scope", slot.scope).eq("key", slot.key))
    .unique();
  if (found === null) return undefined;
  const outcome = found.expiresAt <= Date.now() ? undefined : await outcomeOf(tx, found, slot);
  if (outcome === undefined) await tx.db.delete("mcpIdempotency", found._id);
  return outcome;
};

const outcomeOf = async (tx: GateTx, found: Row, slot: Slot): Promise<Outcome | undefined> => {
  if (found.fingerprint !== slot.fingerprint) {
    return failed(
      "idempotency_mismatch",
      "This idempotency key was used with other arguments. Use a new key.",
    );
  }
  if (found.jobId === undefined) return { state: "replayed", result: found.result ?? null };
  const job = await findJob(tx.db, found.jobId);
  return job === null ? undefined : resume(tx, job);
};

/** What a mutation that has just succeeded gave back (null: too much to keep), or the job that an action runs as. */
export type Kept = { readonly result: string | null } | { readonly jobId: string };

/** Fills the slot, in the transaction of the effect. */
export const keep = async (tx: GateTx, slot: Slot, kept: Kept): Promise<void> => {
  const { scope, key, fingerprint } = slot;
  await tx.db.insert("mcpIdempotency", {
    ...{ scope, key, fingerprint, expiresAt: Date.now() + KEPT_MS },
    ...("jobId" in kept && { jobId: kept.jobId }),
    ...("result" in kept && kept.result !== null && { result: kept.result }),
  });
};
