/** Counts what would end if a key were revoked, or a connection: so that an operator knows before. */
import { v, type Infer } from "convex/values";
import { findKey } from "../auth/credential";
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

type Of = { keyId?: string; grantId?: string };

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

/** The most rotations that are followed. */
const MAX_ROTATIONS = 20;

/** The ids of a key and of those that it has replaced. Calls of these that wait run by the rights of the key, if somebody approves them. */
const chainOf = async (db: GateReader, key: Doc<"toolgateKeys">): Promise<Set<string>> => {
  const ids = new Set([key.keyId]);
  let before = key.replaces;
  while (before !== undefined && ids.size <= MAX_ROTATIONS) {
    ids.add(before);
    before = (await findKey(db, before))?.replaces;
  }
  return ids;
};

/** A connection that has moved to the key in a rotation has jobs that name the key before. */
const ofKey = async (db: GateReader, keyId: string): Promise<Ending> => {
  const key = await requireKey(db, keyId);
  const { tenant, subject } = key;
  const chain = await chainOf(db, key);
  const grants = new Set((await liveGrantsOf(db, keyId)).map(({ grantId }) => grantId));
  const isUnder = ({ grantId }: Work) => grantId !== undefined && grants.has(grantId);
  return {
    ...{ keyId, tenant, subject, connections: grants.size },
    isOf: (work) => work.keyId === keyId || isUnder(work),
    mayRunBy: (work) => (work.grantId === undefined ? chain.has(work.keyId) : isUnder(work)),
    lastUsedAt: await lastUseOfKey(db, keyId),
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

/** The definition of `whatEnds`. It throws ConvexError `not_found`, and `invalid_arguments` unless it is given one of the two ids. */
export const whatEnds = {
  args: { keyId: v.optional(v.string()), grantId: v.optional(v.string()) },
  returns: endsValidator,
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { keyId, grantId }: Of,
  ): Promise<Ends> => {
    const db = gateReader(ctx);
    if ((keyId === undefined) === (grantId === undefined))
      refuse("invalid_arguments", "Give either keyId or grantId");
    const ending = await (grantId === undefined ? ofKey(db, keyId ?? "") : ofGrant(db, grantId));
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
