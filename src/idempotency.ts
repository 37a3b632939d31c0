/**
 * Idempotency keys: the same key with the same arguments has one effect and one answer.
 *
 * The record is read and written in the transaction of the effect. A failed call is not kept: its effect was rolled back, so
 * a retry may well succeed.
 *
 * @see draft-ietf-httpapi-idempotency-key-header-07
 */
import type { Doc, GateTx } from "./dataModel";
import { digest } from "./digest";
import { failed, type Outcome } from "./outcome";
import type { Principal } from "./principal";

/** How long a result can be replayed. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/** 8 to 128 visible ASCII characters. */
export const idempotencyKeyPattern = "^[!-~]{8,128}$";

export const isIdempotencyKey = (value: unknown): value is string =>
  typeof value === "string" && new RegExp(idempotencyKeyPattern).test(value);

type Record = Doc<"mcpIdempotency">;

/** Where the record of a call is, and what it must match. */
export type Slot = Pick<Record, "scope" | "key" | "fingerprint">;

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

const replay = (found: Record): Outcome => {
  switch (found.state) {
    case "done":
      return { state: "replayed", result: found.result ?? null };
    case "in_progress":
      return failed(
        "idempotency_in_progress",
        "A call with this idempotency key is still running. Try again later.",
      );
    case "unknown":
      return failed(
        "idempotency_unknown",
        "An earlier call with this idempotency key stopped half-way. Read the data to see what was done.",
      );
  }
};

/** What an earlier call in this slot means for this one; undefined if there was none. */
export const earlierOutcome = async (tx: GateTx, slot: Slot): Promise<Outcome | undefined> => {
  const found = await tx.db
    .query("mcpIdempotency")
    .withIndex("by_scope_key", (q) => q.eq("scope", slot.scope).eq("key", slot.key))
    .unique();
  if (found === null) return undefined;
  if (found.expiresAt <= Date.now()) {
    await tx.db.delete("mcpIdempotency", found._id);
    return undefined;
  }
  return found.fingerprint === slot.fingerprint
    ? replay(found)
    : failed(
        "idempotency_mismatch",
        "This idempotency key was used with other arguments. Use a new key.",
      );
};

/** Claims the slot for an action that is about to run. */
export const claim = async (tx: GateTx, slot: Slot) =>
  tx.db.insert("mcpIdempotency", {
    ...slot,
    state: "in_progress",
    expiresAt: Date.now() + KEPT_MS,
  });

/** Keeps the result of a mutation that has just succeeded. */
export const keep = async (tx: GateTx, slot: Slot, result: string | null) =>
  tx.db.insert("mcpIdempotency", {
    ...slot,
    state: "done",
    expiresAt: Date.now() + KEPT_MS,
    ...(result === null ? {} : { result }),
  });
