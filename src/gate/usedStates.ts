/** Remembers the `requestState` of calls that wrote. A state counts once: otherwise a client could repeat the user's consent. */
import { STATE_MS } from "../asking/requestState";
import type { Carried } from "../data/call";
import type { GateTx } from "../data/database";

/** Protects the user's consent: answers count once. A client that wants to repeat a call safely should use an idempotency key. */
export const USED =
  "These answers were used already, and the call was done. Read the data to see what it did.";

/** Whether a call with this state has already succeeded, has started its job, or waits for approval. */
export const isUsed = async (tx: GateTx, { nonce }: Carried): Promise<boolean> =>
  (await tx.db
    .query("toolgateUsedStates")
    .withIndex("by_nonce", (q) => q.eq("nonce", nonce))
    .unique()) !== null;

/** Marks the state as used, in the transaction of the effect. The row is kept for `STATE_MS`; by then the state has expired. */
export const markUsed = async (tx: GateTx, { nonce }: Carried): Promise<void> => {
  await tx.db.insert("toolgateUsedStates", { nonce, expiresAt: Date.now() + STATE_MS });
};
