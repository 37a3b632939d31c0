/**
 * For an app that lets its own signed-in user approve connections: `connect(app, { consentPage })` sends the browser to the app's page
 * with `?request=…`. The app calls these functions from its own mutations and queries, after it has checked who is signed in.
 *
 * They trust what they are told of the user. So never pass a subject, tenant or role that came from the browser.
 */
import type { GenericMutationCtx } from "convex/server";
import { openAuthorization, redirectTo } from "../auth/authorization";
import type { Fixed } from "../auth/fixed";
import { findGrant, whyGrantUnusable } from "../auth/grant";
import { readPeppers } from "../auth/pepper";
import { refuse } from "../base/refuse";
import { recordChange } from "../data/audit";
import { gateReader, type GateDataModel, type GateQueryCtx, type GateTx } from "../data/database";
import type { Access } from "../data/values";
import { connectionInfo, type ConnectionInfo } from "../operate/connections";
import { createKey } from "../operate/createKey";
import { endGrant } from "../operate/endGrant";
import { requireFixed } from "../operate/fixedFields";
import { ONLY_TENANT } from "../data/principal";
import { requireKeyFields } from "../operate/keyFields";
import { requireKey } from "../operate/readKeys";
import type { IssuedKey } from "../operate/mintKey";
import type { Toolgate } from "../registry/toolgate";
import type { Runs } from "../runner/runner";
import { grantTo, openRequest, type Approved } from "./approve";
import { pay, whyUnfit, type Key } from "./parent";
import { refused, type Refused } from "./refused";
import { parentOf, type User } from "./userKey";

/** Narrows the context of an app's mutation to the gate's tables. The cast is safe, but TypeScript cannot prove it. */
const gateTx = <Model extends GateDataModel>(ctx: GenericMutationCtx<Model>): GateTx => ctx;

/** What a client asks for, for the app's page. All of it but `host` is the client's word, unless it is verified. */
export interface Described {
  /** Where the code goes, such as `claude.ai`. Show it first and large. */
  readonly host: string | undefined;
  readonly name: string;
  /** Whether the client is known by its own document. Warn of one that is not. */
  readonly verified: boolean;
  /** What the client asks for; the person decides. */
  readonly access: Access;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/**
 * Describes a request, without a call of the database. It runs in a query, a mutation or an action.
 *
 * @param request - from the address of the app's page.
 * @returns undefined for a request that is too old or was not made by this deployment.
 */
export const describeConnection = async ({
  request,
}: {
  request: string;
}): Promise<Described | undefined> => {
  const asked = await openAuthorization(readPeppers(), request);
  if (asked === undefined) return undefined;
  const { client, access, expiresAt } = asked;
  return { host: client.host, name: client.name, verified: client.verified, access, expiresAt };
};

/** What the signed-in user approves. */
export interface Approval extends User {
  readonly request: string;
  /** Only these tools, if the role allows them. Default: all of the role. */
  readonly tools?: readonly string[];
  /** Default: what the client asks for. */
  readonly access?: Access;
  /** Tool → argument → the value that the server fills in. The connection's client neither sees nor sends it. */
  readonly fixed?: Fixed;
}

/** Throws a refusal, so that nothing of the transaction stays. */
const thrown = <T extends object>(reply: T | Refused): T => {
  if (!("refusal" in reply)) return reply;
  const { refusal } = reply;
  return refuse(
    refusal.kind,
    "message" in refusal ? refusal.message : "The user's key is no longer valid.",
  );
};

/** A request that was approved before has its parent already, and no other user can have it. */
const keyFor = async (tx: GateTx, app: Toolgate, user: User, id: string): Promise<Key> => {
  const before = await findGrant(tx.db, id);
  if (before === null) return parentOf(tx, app, user, id);
  const { subject, tenant = ONLY_TENANT } = user;
  return before.subject === subject && before.tenant === tenant
    ? requireKey(tx.db, before.keyId)
    : thrown<Key>(refused("used", "This request was approved before. Start again in your app."));
};

/** What an operator has fixed for the user stays. @throws ConvexError `invalid_arguments` for an argument that the key fixes. */
const requireOwnFixed = ({ fixed: kept = {} }: Key, fixed: Fixed = {}): void => {
  for (const [tool, values] of Object.entries(fixed)) {
    const before: object = (Object.hasOwn(kept, tool) ? kept[tool] : undefined) ?? {};
    const taken = Object.keys(values).find((name) => Object.hasOwn(before, name));
    if (taken !== undefined)
      refuse("invalid_arguments", `fixed: the user's key fixes ${tool}.${taken} already`);
  }
};

/**
 * Approves a request for the signed-in user. The first time it makes a key without a secret as the parent of the user's connections;
 * later ones share it, with the role that is stated now. The key expires a year after the last approval. Operators see and revoke it
 * like any other key.
 *
 * Not checked: who calls. Take subject, tenant and role from `ctx.auth`.
 *
 * @param app - the app's `Toolgate`.
 * @returns the URL to send the browser to.
 * @throws ConvexError `{ code, message }`: `expired`, `used`, `too_many` or `rate_limit`; `invalid_arguments` for a role, a tenant or a
 * tool that does not exist.
 */
export const approveConnection = async <Model extends GateDataModel>(
  ctx: GenericMutationCtx<Model>,
  app: Toolgate,
  { request, tools, access, fixed, ...user }: Approval,
): Promise<Approved> => {
  const tx = gateTx(ctx);
  const { asked } = thrown(await openRequest(request));
  if (tools) await requireKeyFields(tx, app, { tools: [...tools] });
  if (fixed) await requireFixed(tx, app, fixed);
  const key = await keyFor(tx, app, user, asked.id);
  requireOwnFixed(key, fixed);
  if ((await whyUnfit(tx, app, key)) !== undefined) thrown({ refusal: { kind: "invalid_key" } });
  const short = await pay(tx, key);
  if (short) thrown(short);
  const narrowing = {
    access: access ?? asked.access,
    ...(tools && { tools }),
    ...(fixed && { fixed }),
  };
  return thrown(await grantTo(tx, key, asked, narrowing));
};

/**
 * Refuses a request for the user. Nothing is stored.
 *
 * @returns the URL to send the browser to.
 * @throws ConvexError `expired`
 */
export const denyConnection = async ({ request }: { request: string }): Promise<Approved> => {
  const { asked } = thrown(await openRequest(request));
  return { redirectTo: redirectTo(asked, { error: "access_denied" }) };
};

/** Lists the user's live connections, the one that ends last first; at most 200. `tenant` is absent in an app with one tenant. */
export const listConnections = async <Model extends GateDataModel>(
  ctx: GateQueryCtx<Model>,
  { subject, tenant = ONLY_TENANT }: { subject: string; tenant?: string },
): Promise<ConnectionInfo[]> => {
  const grants = await gateReader(ctx)
    .query("toolgateGrants")
    .withIndex("by_tenant_subject_revokedAt_expiresAt", (q) =>
      q
        .eq("tenant", tenant)
        .eq("subject", subject)
        .eq("revokedAt", undefined)
        .gt("expiresAt", Date.now()),
    )
    .order("desc")
    .take(200);
  return grants.map(connectionInfo);
};

/**
 * Ends one of the user's own connections, from the next call on. One that has ended stays as it is.
 *
 * @throws ConvexError `not_found`, also for a connection of another user.
 */
export const revokeConnection = async <Model extends GateDataModel>(
  ctx: GenericMutationCtx<Model>,
  { subject, tenant = ONLY_TENANT, grantId }: { subject: string; tenant?: string; grantId: string },
): Promise<void> => {
  const tx = gateTx(ctx);
  const grant = await findGrant(tx.db, grantId);
  if (grant?.subject !== subject || grant.tenant !== tenant)
    return refuse("not_found", "grantId: you have no such connection");
  if (whyGrantUnusable(grant, Date.now()) !== undefined) return;
  await endGrant(tx, grant, "user");
  const { keyId } = grant;
  await recordChange(tx, { method: "connections/revoke", args: {}, keyId, grantId, tenant });
};

/** A key for the signed-in user. */
export interface UserKey extends User {
  readonly name: string;
  /** 1 to 365. Default: 90. */
  readonly expiresInDays?: number;
  readonly tools?: readonly string[];
  /** True for a key that may only read. */
  readonly readOnly?: boolean;
  /** Tool → argument → the value that the server fills in. */
  readonly fixed?: Fixed;
}

/**
 * Makes an API key for the signed-in user, for an agent that takes a key and not a URL. Call it from an action: only actions get random
 * bytes from the system. Not checked: who calls.
 *
 * @returns the key, which is shown only this once, and all about it but its hash.
 * @throws ConvexError `no_pepper`, or `invalid_arguments` that names the field.
 */
export const createUserKey = (
  ctx: Runs,
  app: Toolgate,
  { tools, fixed, ...fields }: UserKey,
): Promise<IssuedKey> =>
  createKey(app).handler(ctx, {
    ...fields,
    ...(tools && { tools: [...tools] }),
    ...(fixed && { fixed }),
  });
