/** Redeems an authorization code, once (RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 9700 section 2.1.1). */
import type { Hashes } from "../auth/credential";
import { findGrant, type Grant } from "../auth/grant";
import { sameHash } from "../auth/pepper";
import type { GateTx } from "../data/database";
import type { Tenancy } from "./parent";
import type { Refused } from "./refused";
import { deny, endStolen, leaseOf, payingKey, renewed, type Renewed } from "./renewal";
import { recordStep } from "./step";

/** The hash of a new family secret, which all tokens of the connection carry. */
export type Family = { readonly pepperId: string; readonly hash: string };

export type CodeAsk = {
  readonly type: "code";
  readonly grantId: string;
  /** Of the code's secret. */
  readonly hashes: Hashes;
  readonly clientId: string;
  /** Absent if the client does not send it: the verifier proves the same (OAuth 2.1, "Redirect URI Parameter in Token Request"). */
  readonly redirectUri?: string;
  /** The S256 of the verifier. */
  readonly challenge: string;
  readonly family: Family;
};

const whyWrong = (grant: Grant, ask: CodeAsk): string | undefined => {
  const { redirectUri = grant.redirectUri } = ask;
  if (grant.revokedAt !== undefined) return "connection_revoked";
  if ((grant.codeExpiresAt ?? 0) <= Date.now()) return "code_expired";
  if (grant.client.id !== ask.clientId) return "code_of_another_client";
  if (grant.redirectUri !== redirectUri) return "wrong_redirect_uri";
  return grant.challenge === ask.challenge ? undefined : "wrong_verifier";
};

/** The first redemption. From here on the tokens' family secret counts, and the code no more. */
const redeem = async (
  tx: GateTx,
  app: Tenancy,
  grant: Grant,
  { family }: CodeAsk,
): Promise<Renewed | Refused> => {
  const paying = await payingKey(tx, app, grant);
  if ("refusal" in paying) return paying;
  const { key } = paying;
  const lease = leaseOf(key);
  const spent = { redirectUri: undefined, challenge: undefined, codeExpiresAt: undefined };
  await tx.db.patch("toolgateGrants", grant._id, { ...(spent as object), ...family, ...lease });
  const { grantId, client, generation } = grant;
  await recordStep(tx, { method: "oauth/token", key, grantId, client, reason: "code" });
  return renewed(grant, key, { generation, ...lease });
};

/** A second use of a code ends the connection, whoever uses it. A wrong use leaves the code as it is. */
export const redeemCode = async (
  tx: GateTx,
  app: Tenancy,
  ask: CodeAsk,
): Promise<Renewed | Refused> => {
  const grant = await findGrant(tx.db, ask.grantId);
  const { codeHash } = grant ?? {};
  const isOwn = codeHash !== undefined && ask.hashes.some(({ hash }) => sameHash(hash, codeHash));
  if (grant === null || !isOwn) return deny(tx, "unknown_code", grant);
  if (grant.hash !== undefined) return endStolen(tx, grant, "code_reused");
  const reason = whyWrong(grant, ask);
  return reason === undefined ? redeem(tx, app, grant, ask) : deny(tx, reason, grant);
};
