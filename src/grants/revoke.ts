/** Ends a connection at its client's wish (RFC 7009). */
import { v } from "convex/values";
import { findKey, isProven, type Hashes } from "../auth/credential";
import { findGrant, whyGrantUnusable } from "../auth/grant";
import type { GateTx } from "../data/database";
import { endGrant } from "../operate/endGrant";
import { hashesValidator } from "./parent";
import { recordStep } from "./step";

export type Revoke = {
  readonly grantId: string;
  /** Of the family secret of the token. */
  readonly hashes: Hashes;
  readonly clientId: string;
};

/** The definition of `revoke`. A token that is wrong, of another client, or no longer valid changes nothing and gets the same answer. */
export const revoke = {
  get args() {
    return { grantId: v.string(), hashes: hashesValidator(), clientId: v.string() };
  },
  handler: async (tx: GateTx, { grantId, hashes, clientId }: Revoke): Promise<null> => {
    const grant = await findGrant(tx.db, grantId);
    if (grant === null || !isProven(grant, hashes) || grant.client.id !== clientId) return null;
    if (whyGrantUnusable(grant, Date.now()) !== undefined) return null;
    await endGrant(tx, grant, "client");
    const key = await findKey(tx.db, grant.keyId);
    await recordStep(tx, { method: "oauth/revoke", key, grantId, client: grant.client });
    return null;
  },
};
