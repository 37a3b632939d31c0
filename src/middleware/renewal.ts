/** Renews the lease of a request that stays open, and gives it back: see streamBudget.ts. No request of HTTP evaluates it. */
import { v, type Infer } from "convex/values";
import type { GateTx } from "../data/database";
import { timesOf } from "./streamBudget";

/** `endsAt` is when the request ends at the latest; absent if it ends now. */
const renewalValidator = () =>
  v.object({ streamLease: v.id("toolgateStreamLeases"), endsAt: v.optional(v.number()) });

export type Renewal = Infer<ReturnType<typeof renewalValidator>>;

/**
 * The definition of the mutation by which a request renews its stream lease (`endsAt` is there) or gives it back. A lease that is
 * already gone stays gone.
 */
export const renewStreamLease = {
  get args() {
    return renewalValidator().fields;
  },
  get returns() {
    return v.null();
  },
  handler: async (tx: GateTx, { streamLease, endsAt }: Renewal): Promise<null> => {
    const row = await tx.db.get("toolgateStreamLeases", streamLease);
    if (row === null) return null;
    if (endsAt === undefined) await tx.db.delete("toolgateStreamLeases", streamLease);
    else {
      const times = timesOf({ purpose: row.listens ? "listening" : "work", endsAt });
      await tx.db.patch("toolgateStreamLeases", streamLease, times);
    }
    return null;
  },
};
