/** Writes how an action ended: the only update of an audit row, allowed once. */
import { v, type GenericId, type Infer } from "convex/values";
import type { GateTx } from "./dataModel";
import { outcomeValidator, type Outcome } from "./outcome";

const settlement = v.object({
  operation: v.id("mcpAudit"),
  idempotencyId: v.optional(v.id("mcpIdempotency")),
  outcome: outcomeValidator,
});

export type Settlement = Infer<typeof settlement>;

const settleIdempotency = async (tx: GateTx, id: GenericId<"mcpIdempotency">, outcome: Outcome) => {
  // A failed action may have done half of its work, but it has said so: the caller decides whether to try again.
  if (outcome.state !== "succeeded") await tx.db.delete("mcpIdempotency", id);
  else
    await tx.db.patch("mcpIdempotency", id, {
      state: "done",
      ...(outcome.result === null ? {} : { result: outcome.result }),
    });
};

/**
 * The definition of the internal mutation that closes an action tool's call: `internalMutation(settling)`. Audit outcome and
 * idempotency record change together. A call that is no longer `started` stays as it is: terminal states do not change.
 */
export const settling = {
  args: settlement.fields,
  handler: async (tx: GateTx, { operation, idempotencyId, outcome }: Settlement): Promise<null> => {
    const row = await tx.db.get("mcpAudit", operation);
    if (row?.outcome !== "started") return null;
    await tx.db.patch("mcpAudit", operation, {
      outcome: outcome.state,
      settledAt: Date.now(),
      ...(outcome.state === "failed" ? { reason: outcome.code } : {}),
    });
    if (idempotencyId !== undefined) await settleIdempotency(tx, idempotencyId, outcome);
    return null;
  },
};
