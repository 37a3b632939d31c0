/**
 * Refreshes a connection. Each refresh token has a number, and the row holds the one that counts. The token before it still gets the
 * same successor for a while: after a lost answer, and for clients that refresh in parallel. Any other number is a replay.
 *
 * @see RFC 9700 section 4.14.2 (rotation, and revocation on replay)
 */
import { isProven, type Hashes } from "../auth/credential";
import { findGrant, whyGrantUnusable, type Grant } from "../auth/grant";
import type { GateTx } from "../data/database";
import type { Tenancy } from "./parent";
import type { Refused } from "./refused";
import { deny, endStolen, leaseOf, payingKey, renewed, type Renewed } from "./renewal";
import { recordStep } from "./step";

/** How long the token before still gets the same successor, in ms. */
const REPEAT_MS = 10 * 60_000;

export type RefreshAsk = {
  readonly type: "refresh";
  readonly grantId: string;
  /** Of the family secret. */
  readonly hashes: Hashes;
  readonly generation: number;
  readonly clientId: string;
};

/** Whether the token is the one before the current one, and may be sent again. */
const isRepeat = ({ generation, rotatedAt = 0 }: Grant, presented: number): boolean =>
  presented === generation - 1 && Date.now() - rotatedAt < REPEAT_MS;

const rotate = async (
  tx: GateTx,
  app: Tenancy,
  grant: Grant,
  presented: number,
): Promise<Renewed | Refused> => {
  const paying = await payingKey(tx, app, grant);
  if ("refusal" in paying) return paying;
  const { key } = paying;
  if (presented < grant.generation) return renewed(grant, key, grant);
  const lease = leaseOf(key);
  const generation = grant.generation + 1;
  const next = { generation, rotatedAt: Date.now(), ...lease };
  await tx.db.patch("toolgateGrants", grant._id, next);
  const { grantId, client } = grant;
  await recordStep(tx, { method: "oauth/token", key, grantId, client, reason: "refresh" });
  return renewed(grant, key, next);
};

export const refresh = async (
  tx: GateTx,
  app: Tenancy,
  { grantId, hashes, generation, clientId }: RefreshAsk,
): Promise<Renewed | Refused> => {
  const grant = await findGrant(tx.db, grantId);
  if (grant === null || !isProven(grant, hashes)) return deny(tx, "unknown_token", grant);
  const why = whyGrantUnusable(grant, Date.now());
  if (why !== undefined) return deny(tx, `connection_${why}`, grant);
  if (grant.client.id !== clientId) return deny(tx, "token_of_another_client", grant);
  return generation === grant.generation || isRepeat(grant, generation)
    ? rotate(tx, app, grant, generation)
    : endStolen(tx, grant, "refresh_reused");
};
