/** Lists and ends the connections of agents that came in by OAuth. */
import { v, type Infer } from "convex/values";
import { clientText, findGrant, whyGrantUnusable, type Grant } from "../auth/grant";
import { refuse } from "../base/refuse";
import { recordChange } from "../data/audit";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
  type GateTx,
} from "../data/database";
import { accessValidator, fixedValidator } from "../data/values";
import { endGrant } from "./endGrant";
import { requireText } from "./keyFields";
import { lastUseOfGrant } from "./lastUse";
import { pageFields, readPage, type PageRequest } from "./page";

export const connectionInfoValidator = v.object({
  grantId: v.string(),
  keyId: v.string(),
  tenant: v.string(),
  subject: v.string(),
  /** What the client calls itself and where its codes go: `Claude (claude.ai)`. */
  client: v.string(),
  /** Whether the client is known by its own document. */
  verified: v.boolean(),
  access: accessValidator(),
  tools: v.optional(v.array(v.string())),
  /** What it adds to the fixed arguments of its key. */
  fixed: v.optional(fixedValidator()),
  /** `pending` until the client has redeemed its code. Whether the key still works is not part of it. */
  status: v.union(
    v.literal("pending"),
    v.literal("active"),
    v.literal("expired"),
    v.literal("revoked"),
  ),
  /** All times are ISO 8601, UTC. */
  createdAt: v.string(),
  refreshedAt: v.optional(v.string()),
  expiresAt: v.string(),
  revokedAt: v.optional(v.string()),
  revokedReason: v.optional(v.string()),
  /** The time of the newest call or renewal in the audit log. Only the list tells it. */
  lastUsedAt: v.optional(v.string()),
});

/** A connection without its hashes. */
export type ConnectionInfo = Infer<typeof connectionInfoValidator>;

const iso = (ms: number): string => new Date(ms).toISOString();

const stateOf = (grant: Grant): ConnectionInfo["status"] =>
  whyGrantUnusable(grant, Date.now()) ?? (grant.hash === undefined ? "pending" : "active");

/** Describes a connection. */
export const connectionInfo = (grant: Grant): ConnectionInfo => {
  const { grantId, keyId, tenant, subject, client, access, tools, fixed } = grant;
  const { createdAt, rotatedAt, expiresAt, revokedAt, revokedReason } = grant;
  return {
    ...{ grantId, keyId, tenant, subject },
    ...{ client: clientText(client), verified: client.verified, access },
    ...(tools && { tools }),
    ...(fixed && { fixed }),
    ...{ status: stateOf(grant), createdAt: iso(createdAt) },
    ...(rotatedAt !== undefined && { refreshedAt: iso(rotatedAt) }),
    expiresAt: iso(expiresAt),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
    ...(revokedReason !== undefined && { revokedReason }),
  };
};

const withUse = async (db: GateReader, grant: Grant): Promise<ConnectionInfo> => {
  const lastUsedAt = await lastUseOfGrant(db, grant.grantId);
  return {
    ...connectionInfo(grant),
    ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }),
  };
};

type Filter = { tenant?: string; keyId?: string };

const matching = (db: GateReader, { tenant, keyId }: Filter) => {
  if (tenant !== undefined && keyId !== undefined)
    refuse("invalid_arguments", "Give at most one of tenant and keyId");
  const grants = db.query("toolgateGrants");
  if (keyId !== undefined) return grants.withIndex("by_keyId", (q) => q.eq("keyId", keyId));
  return tenant === undefined
    ? grants
    : grants.withIndex("by_tenant", (q) => q.eq("tenant", tenant));
};

/**
 * The definition of `listConnections`: a page of connections, newest first, of one tenant, of one key, or of all. It throws ConvexError
 * `invalid_arguments` for both filters at once, and as `readPage` does.
 */
export const listConnections = {
  args: { tenant: v.optional(v.string()), keyId: v.optional(v.string()), ...pageFields },
  returns: v.object({
    connections: v.array(connectionInfoValidator),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { tenant, keyId, ...page }: Filter & PageRequest,
  ) => {
    const filter = {
      ...(tenant !== undefined && { tenant }),
      ...(keyId !== undefined && { keyId }),
    };
    const db = gateReader(ctx);
    const range = matching(db, filter).order("desc");
    const { rows, nextCursor } = await readPage(range, page);
    return {
      connections: await Promise.all(rows.map((grant) => withUse(db, grant))),
      nextCursor,
    };
  },
};

const end = async (tx: GateTx, grant: Grant, reason: string, args: object): Promise<void> => {
  await endGrant(tx, grant, reason);
  const { keyId, grantId, tenant } = grant;
  await recordChange(tx, { method: "connections/revoke", args, keyId, grantId, tenant });
};

/**
 * The definition of `revokeConnection`. One that is revoked already stays as it is. It returns the connection.
 *
 * It throws ConvexError `not_found`, and `invalid_arguments` for a reason that is not 1 to 200 printable characters.
 */
export const revokeConnection = {
  args: { grantId: v.string(), reason: v.optional(v.string()) },
  returns: connectionInfoValidator,
  handler: async (
    tx: GateTx,
    args: { grantId: string; reason?: string },
  ): Promise<ConnectionInfo> => {
    const { grantId, reason = "operator" } = args;
    requireText("reason", reason, 200);
    const find = async () =>
      (await findGrant(tx.db, grantId)) ??
      refuse("not_found", `grantId: there is no connection ${JSON.stringify(grantId)}`);
    const grant = await find();
    if (grant.revokedAt === undefined) await end(tx, grant, reason, args);
    return connectionInfo(await find());
  },
};

/** Connections that one call of `revokeConnections` looks at. */
const BATCH = 100;

const isOf = ({ id, name, host }: Grant["client"], client: string): boolean =>
  [id, name, host].some((text) => text?.toLowerCase() === client.toLowerCase());

/**
 * The definition of `revokeConnections`, which ends the live connections of a client. It looks at a part of all connections; call it
 * with `nextCursor` until that is null.
 */
export const revokeConnections = {
  args: {
    /** The host that its codes go to, its name, or its id. Upper and lower case are the same. */
    client: v.string(),
    cursor: v.optional(v.string()),
  },
  returns: v.object({
    revoked: v.array(connectionInfoValidator),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async (tx: GateTx, args: { client: string; cursor?: string }) => {
    const { client, cursor } = args;
    const range = tx.db
      .query("toolgateGrants")
      .withIndex("by_revokedAt_expiresAt", (q) => q.eq("revokedAt", undefined));
    const page = { limit: BATCH, ...(cursor !== undefined && { cursor }) };
    const { rows, nextCursor } = await readPage(range, page);
    const now = Date.now();
    const found = rows.filter(
      (grant) => isOf(grant.client, client) && whyGrantUnusable(grant, now) === undefined,
    );
    for (const grant of found) await end(tx, grant, "operator", { client });
    const ended = { revokedAt: now, revokedReason: "operator" };
    return { revoked: found.map((grant) => connectionInfo({ ...grant, ...ended })), nextCursor };
  },
};
