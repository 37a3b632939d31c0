/** The place of a held request among the open streams: see middleware/streamBudget.ts. */
import { v, type GenericId } from "convex/values";
import type { GateTx } from "../dataModel";
import { STREAM_LEASE_MS } from "../middleware/streamBudget";

/** The definition of the mutation by which a request keeps its place or gives it back: `internalMutation(holdStream)`. */
export const holdStream = {
  args: { stream: v.id("mcpStreams"), open: v.boolean() },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { stream, open }: { stream: GenericId<"mcpStreams">; open: boolean },
  ): Promise<null> => {
    const row = await tx.db.get("mcpStreams", stream);
    if (row === null) return null;
    if (open) await tx.db.patch("mcpStreams", stream, { leaseUntil: Date.now() + STREAM_LEASE_MS });
    else await tx.db.delete("mcpStreams", stream);
    return null;
  },
};
