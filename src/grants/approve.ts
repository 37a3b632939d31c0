/** Approves a client's authorization request: makes the connection, and the code that the client redeems. */
import { v } from "convex/values";
import { codeOf, openAuthorization, redirectTo, type Authorization } from "../auth/authorization";
import type { Fixed } from "../auth/fixed";
import { findGrant, type Grant } from "../auth/grant";
import { readPeppers } from "../auth/pepper";
import type { GateTx } from "../data/database";
import { accessValidator, type Access } from "../data/values";
import { liveGrantsOf, MAX_LIVE } from "../operate/endGrant";
import {
  accessUnder,
  proofValidator,
  proveParent,
  type Key,
  type KeyProof,
  type Tenancy,
} from "./parent";
import { refused, type Refused } from "./refused";
import { recordStep } from "./step";

/** How long a code can be redeemed, in ms (RFC 6749 section 4.1.2 allows ten minutes). */
const CODE_MS = 60_000;

/** When the sweep deletes a connection that was never redeemed. */
const UNREDEEMED_MS = 10 * 60_000;

/** How the person narrows the connection. Without `tools` all tools of role and key are allowed. */
export type Narrowing = {
  readonly access: Access;
  readonly tools?: readonly string[];
  /** Arguments that the server fills in, beside those of the key. */
  readonly fixed?: Fixed;
};

export type Approve = Narrowing & {
  /** The sealed authorization request. */
  readonly request: string;
  readonly proof: KeyProof;
};

/** The URL that takes the browser back to the client, with the code. */
export type Approved = { readonly redirectTo: string };

const USED = "This request was approved before. Start again in your app.";
const EXPIRED = "This request is too old. Start again in your app.";

/** @param until - when the connection ends unless it is redeemed. */
export const newGrant = (
  key: Key,
  { client, id }: Pick<Authorization, "client" | "id">,
  { access, tools, fixed }: Narrowing,
  until: number,
) => ({
  ...{ grantId: id, keyId: key.keyId, tenant: key.tenant, subject: key.subject },
  ...{ client, access: accessUnder(key, access), ...(tools && { tools: [...tools] }) },
  ...(fixed && { fixed }),
  ...{ generation: 0, createdAt: Date.now(), expiresAt: until },
  forgetAt: Math.max(until, Date.now() + UNREDEEMED_MS),
});

/** Undefined if the key may have one more connection. */
export const whyFull = async (tx: GateTx, key: Key): Promise<Refused | undefined> =>
  (await liveGrantsOf(tx.db, key.keyId)).length < MAX_LIVE
    ? undefined
    : refused(
        "too_many",
        `This key has ${String(MAX_LIVE)} connections already. Revoke one that is not needed.`,
      );

/** A page that is submitted twice gets the same code. What was chosen last counts. */
const again = async (
  tx: GateTx,
  { _id, ...grant }: Grant,
  key: Key,
  { access, tools, fixed }: Narrowing,
): Promise<Refused | undefined> => {
  const { redirectUri, revokedAt, codeExpiresAt = 0 } = grant;
  if (grant.keyId !== key.keyId || redirectUri === undefined || revokedAt !== undefined)
    return refused("used", USED);
  if (codeExpiresAt <= Date.now()) return refused("expired", EXPIRED);
  const chosen: object = { access: accessUnder(key, access), tools: tools && [...tools], fixed };
  await tx.db.patch("toolgateGrants", _id, chosen);
  return undefined;
};

const insert = async (
  tx: GateTx,
  key: Key,
  asked: Authorization,
  narrowing: Narrowing,
  codeHash: string,
): Promise<Refused | undefined> => {
  const full = await whyFull(tx, key);
  if (full) return full;
  const until = Date.now() + CODE_MS;
  await tx.db.insert("toolgateGrants", {
    ...newGrant(key, asked, narrowing, until),
    ...{ redirectUri: asked.redirectUri, challenge: asked.challenge },
    ...{ codeHash, codeExpiresAt: until },
  });
  const { id: grantId, client } = asked;
  await recordStep(tx, { method: "oauth/approve", key, grantId, client });
  return undefined;
};

/** Opens a sealed request; a refusal if it is too old or not ours. */
export const openRequest = async (request: string): Promise<{ asked: Authorization } | Refused> => {
  const asked = await openAuthorization(readPeppers(), request);
  return asked === undefined ? refused("expired", EXPIRED) : { asked };
};

/** Makes the connection of a key that was proven and charged. */
export const grantTo = async (
  tx: GateTx,
  key: Key,
  asked: Authorization,
  narrowing: Narrowing,
): Promise<Approved | Refused> => {
  const { code, codeHash } = await codeOf(readPeppers(), asked);
  const before = await findGrant(tx.db, asked.id);
  const refusal = before
    ? await again(tx, before, key, narrowing)
    : await insert(tx, key, asked, narrowing, codeHash);
  return refusal ?? { redirectTo: redirectTo(asked, { code }) };
};

/**
 * The definition of `approve`. The same request approved again by the same key, before the code is redeemed, gets the same answer.
 *
 * Refusals: `expired` for a request that is too old or not ours, `invalid_key`, `rate_limit`, `too_many` and `used`.
 */
export const approve = (app: Tenancy) => ({
  get args() {
    return {
      ...{ request: v.string(), proof: proofValidator(), access: accessValidator() },
      tools: v.optional(v.array(v.string())),
    };
  },
  handler: async (
    tx: GateTx,
    { request, proof, ...narrowing }: Approve,
  ): Promise<Approved | Refused> => {
    const opened = await openRequest(request);
    if ("refusal" in opened) return opened;
    const proven = await proveParent(tx, app, proof, opened.asked.client);
    return "refusal" in proven ? proven : grantTo(tx, proven.key, opened.asked, narrowing);
  },
});
