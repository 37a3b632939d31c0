/** What the three ways to a token share: the connection that a request names, its key, and its new lease of life. */
import { findKey } from "../auth/credential";
import { whyGrantUnusable, type Grant } from "../auth/grant";
import type { GateTx } from "../data/database";
import type { Access } from "../data/values";
import { endGrant, KEPT_MS } from "../operate/endGrant";
import { accessUnder, endOf, pay, whyUnfit, type Key, type Tenancy } from "./parent";
import { invalidGrant, type Refused } from "./refused";
import { recordDenied, recordStep } from "./step";

/** How long a connection lasts without a refresh, in ms. */
const IDLE_MS = 30 * 24 * 60 * 60 * 1000;

/** The reply to a request for tokens. The HTTP half makes them: only it knows the family secret. */
export type Renewed = {
  readonly grantId: string;
  readonly access: Access;
  /** The number of the refresh token to hand out. */
  readonly generation: number;
  /** When the connection ends unless it is refreshed, in ms since 1970. */
  readonly expiresAt: number;
};

export const renewed = (
  { grantId, access }: Grant,
  key: Key,
  { generation, expiresAt }: Pick<Grant, "generation" | "expiresAt">,
): Renewed => ({ grantId, access: accessUnder(key, access), generation, expiresAt });

/** Refuses with `invalid_grant`. The reason goes to the audit log only. */
export const deny = async (tx: GateTx, reason: string, grant: Grant | null): Promise<Refused> => {
  const key = grant && (await findKey(tx.db, grant.keyId));
  const { grantId, client } = grant ?? {};
  await recordDenied(tx, { method: "oauth/token", key, grantId, client, reason });
  return invalidGrant();
};

/** Ends a connection whose code or token was used twice, since one of the two users has stolen it. */
export const endStolen = async (tx: GateTx, grant: Grant, reason: string): Promise<Refused> => {
  if (whyGrantUnusable(grant, Date.now()) !== undefined)
    return deny(tx, `connection_${reason}`, grant);
  await endGrant(tx, grant, reason);
  const key = await findKey(tx.db, grant.keyId);
  const { grantId, client } = grant;
  await recordStep(tx, { method: "oauth/revoke", key, grantId, client, reason });
  return invalidGrant();
};

/** Finds the key of a connection, and charges it. */
export const payingKey = async (
  tx: GateTx,
  app: Tenancy,
  grant: Grant,
): Promise<{ key: Key } | Refused> => {
  const key = await findKey(tx.db, grant.keyId);
  const reason = key === null ? "unknown_key" : await whyUnfit(tx, app, key);
  if (reason !== undefined || key === null) return deny(tx, reason ?? "unknown_key", grant);
  return (await pay(tx, key)) ?? { key };
};

/** The times of a connection that is used now. It never outlives its key. */
export const leaseOf = (key: Key, idleMs: number = IDLE_MS) => {
  const expiresAt = Math.min(Date.now() + idleMs, endOf(key));
  return { expiresAt, forgetAt: expiresAt + KEPT_MS };
};
