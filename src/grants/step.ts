/** The audit rows of OAuth: one for each approval, redemption, refresh and revocation, and some of the refusals. */
import { clientText } from "../auth/grant";
import { record } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import type { Client } from "../data/values";
import { failureBucket } from "../middleware/limits";
import { take } from "../middleware/tokenBucket";

/** A step of OAuth, as its row is written. */
interface Step {
  readonly method: "oauth/approve" | "oauth/token" | "oauth/revoke";
  /** Absent if the request names none that exists. */
  readonly key?: Doc<"toolgateKeys"> | null | undefined;
  readonly grantId?: string | undefined;
  readonly client?: Client | undefined;
  readonly reason?: string | undefined;
}

const callOf = ({ method, client }: Step) => ({
  method,
  protocol: "oauth",
  ...(client && { client: clientText(client) }),
});

const principalOf = ({ key, grantId }: Step) => {
  if (!key) return undefined;
  const { subject, tenant, role, keyId } = key;
  return { subject, tenant, role, keyId, ...(grantId !== undefined && { grantId }) };
};

const write = (tx: GateTx, step: Step, outcome: "succeeded" | "denied"): Promise<void> =>
  record(tx, {
    operation: crypto.randomUUID(),
    call: callOf(step),
    args: undefined,
    principal: principalOf(step),
    outcome,
    reason: step.reason,
  });

/** Writes the row of a step that was taken, in its transaction. */
export const recordStep = (tx: GateTx, step: Step): Promise<void> => write(tx, step, "succeeded");

/** Writes the row of a step that was refused, unless there were too many of them: a flood must not fill the audit log. */
export const recordDenied = async (
  tx: GateTx,
  step: Step & { readonly reason: string },
): Promise<void> => {
  const { key, reason } = step;
  const bucket = failureBucket({ kind: "invalid_key", reason, keyId: key?.keyId });
  if ((await take(tx, [bucket])).short === undefined) await write(tx, step, "denied");
};
