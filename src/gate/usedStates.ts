/** `requestState` of a call that wrote is good once: whoever repeats it would repeat the user's consent. */
import { STATE_MS } from "../asking/requestState";
import type { Carried } from "../data/call";
import type { GateTx } from "../data/database";

/** Whether a call with this state has succeeded. */
export const isUsed = async (tx: GateTx, { nonce }: Carried): Promise<boolean> =>
  (await tx.db
    .query("toolgateUsedStates")
    .withIndex("by_nonce", (q) => q.eq("nonce", nonce))
    .unique()) !== null;

/** Marks the state, in the transaction of the effect, for as long as it would be good. */
export const markUsed = async (tx: GateTx, { nonce }: Carried): Promise<void> => {
  await tx.db.insert("toolgateUsedStates", { nonce, expiresAt: Date.now() + STATE_MS });
};
