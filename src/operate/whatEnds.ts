/** Counts what would end if a key were revoked, or a connection: so that an operator knows before. */
import { v, type Infer } from "convex/values";
import { findGrant, type Grant } from "../auth/grant";
import { refuse } from "../base/refuse";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import type { JobState } from "../data/values";
import { liveGrantsOf } from "./endGrant";
import { lastUseOfGrant, lastUseOfKey } from "./lastUse";
import { countJobs, RUNNING } from "./readJobs";
import { requireKey } from "./readKeys";
import { withThoseBefore, othersOf } from "./rotations";

/** The most rows that are looked at for each number. */
const MOST = 100;

const endsValidator = v.object({
  /** Open streams. */
  streams: v.number(),
  /** Jobs that wait, run or ask. */
  jobs: v.number(),
  /** Calls that wait for their approval. They could never run then. */
  approvals: v.number(),
  /** Connections under the key. Of a connection: 0. */
  connections: v.number(),
  /** ISO 8601, UTC. */
  lastUsedAt: v.optional(v.string()),
});

/** What would end. 100 stands for 100 or more. */
export type Ends = Infer<typeof endsValidator>;

type Of = { keyId?: string; grantId?: string; chain?: boolean };

/** What a call or a stream says of who it is for. */
interface Work {
  readonly keyId: string;
  readonly grantId?: string;
}

/** Whose calls end. */
interface Ending extends Pick<Doc<"toolgateKeys">, "keyId" | "tenant" | "subject"> {
  readonly connections: number;
  readonly isOf: (work: Work) => boolean;
  /** Of a call that waits for its approval. */
  readonly mayRunBy: (work: Work) => boolean;
  readonly lastUsedAt: number | undefined;
}

type Key = Doc<"toolgateKeys">;

/** The live connections of keys. One that has moved on in a rotation has jobs that name the key before. */
const connectionsOf = async (db: GateReader, keys: readonly Key[]): Promise<Set<string>> => {
  const lists = await Promise.all(keys.map(({ keyId }) => liveGrantsOf(db, keyId)));
  return new Set(lists.flat().map(({ grantId }) => grantId));
};

const lastUseOf = async (db: GateReader, keys: readonly Key[]): Promise<number | undefined> => {
  const times = await Promise.all(keys.map(({ keyId }) => lastUseOfKey(db, keyId)));
  const last = Math.max(...times.map((time) => time ?? 0));
  return last === 0 ? undefined : last;
};

/** A call that waits runs by the rights of the newest key after its own, so that it ends with each key on the way there. */
const ofKey = async (db: GateReader, keyId: string, chain: boolean): Promise<Ending> => {
  const key = await requireKey(db, keyId);
  const keys = chain ? [key, ...(await othersOf(db, key))] : [key];
  const ended = new Set(keys.map((one) => one.keyId));
  const waiting = await withThoseBefore(db, keys);
  const grants = await connectionsOf(db, keys);
  const isUnder = ({ grantId }: Work) => grantId !== undefined && grants.has(grantId);
  return {
    ...{ keyId, tenant: key.tenant, subject: key.subject, connections: grants.size },
    isOf: (work) => ended.has(work.keyId) || isUnder(work),
    mayRunBy: (work) => (work.grantId === undefined ? waiting.has(work.keyId) : isUnder(work)),
    lastUsedAt: await lastUseOf(db, keys),
  };
};

const ofGrant = async (db: GateReader, grantId: string): Promise<Ending> => {
  const grant: Grant =
    (await findGrant(db, grantId)) ??
    refuse("not_found", `grantId: there is no connection ${JSON.stringify(grantId)}`);
  const { keyId, tenant, subject } = grant;
  const isOf = (work: Work) => work.grantId === grantId;
  return {
    ...{ keyId, tenant, subject, connections: 0 },
    ...{ isOf, mayRunBy: isOf },
    lastUsedAt: await lastUseOfGrant(db, grantId),
  };
};

const countOf = (
  db: GateReader,
  { tenant, subject }: Ending,
  state: JobState,
  matches: Ending["isOf"],
) =>
  countJobs(
    db
      .query("toolgateJobs")
      .withIndex("by_tenant_state_subject", (q) =>
        q.eq("tenant", tenant).eq("state", state).eq("subject", subject),
      ),
    MOST,
    matches,
  );

const countStreams = async (db: GateReader, { isOf }: Ending): Promise<number> => {
  const leases = await db
    .query("toolgateStreamLeases")
    .withIndex("by_expiresAt", (q) => q.gt("expiresAt", Date.now()))
    .take(MOST);
  return leases.filter(isOf).length;
};

const endingOf = (db: GateReader, { keyId, grantId, chain = false }: Of): Promise<Ending> => {
  if (keyId !== undefined && grantId === undefined) return ofKey(db, keyId, chain);
  if (grantId === undefined || keyId !== undefined)
    return refuse("invalid_arguments", "Give either keyId or grantId");
  return chain ? refuse("invalid_arguments", "chain: goes with keyId") : ofGrant(db, grantId);
};

/**
 * The definition of `whatEnds`. It throws ConvexError `not_found`, `invalid_arguments` unless it is given one of the two ids, `chain` only
 * with that of a key, and `wrong_state` for the chain of a key that was rotated over 2,000 times since.
 */
export const whatEnds = {
  args: {
    keyId: v.optional(v.string()),
    grantId: v.optional(v.string()),
    /** Counts what ends with the other keys of the chain too, as `revokeKey` revokes them. Default: false. */
    chain: v.optional(v.boolean()),
  },
  returns: endsValidator,
  handler: async <Model extends GateDataModel>(ctx: GateQueryCtx<Model>, of: Of): Promise<Ends> => {
    const db = gateReader(ctx);
    const ending = await endingOf(db, of);
    const jobs = await Promise.all(RUNNING.map((state) => countOf(db, ending, state, ending.isOf)));
    const { connections, lastUsedAt } = ending;
    return {
      streams: await countStreams(db, ending),
      jobs: Math.min(
        MOST,
        jobs.reduce((sum, one) => sum + one),
      ),
      approvals: await countOf(db, ending, "awaiting_approval", ending.mayRunBy),
      connections,
      ...(lastUsedAt !== undefined && { lastUsedAt: new Date(lastUsedAt).toISOString() }),
    };
  },
};
