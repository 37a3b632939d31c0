/** How many streams may be open at once, and when there is room for one more. */
import type { Doc } from "../data/database";
import type { Refusal } from "../data/refusal";

/** The most streams that may be open at once: of one key, of all keys of a tenant, and of all keys together. */
export interface StreamLimits {
  readonly perKey: number;
  readonly perTenant: number;
  readonly perDeployment: number;
}

const PER_KEY = 4;
/** For the 64 slots of Convex Free and Starter: a long tool takes up to three, for its stream, its worker and itself. */
const PER_DEPLOYMENT = 24;

/** Reads a setting. A bad value counts as unset, and the log says so. */
const setting = (name: string, text: string | undefined, unset: number): number => {
  if (text === undefined) return unset;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.warn(
    `toolgate: ${name} must be a whole number, 1 or more. It counts as ${String(unset)}.`,
  );
  return unset;
};

/**
 * The limits of this deployment, anew each time, because the environment can change without a new deploy.
 *
 * @param stated - limits that the environment does not change.
 */
export const streamLimits = (stated: Partial<StreamLimits>): StreamLimits => {
  const all = process.env.TOOLGATE_STREAMS;
  const ofTenant = process.env.TOOLGATE_STREAMS_PER_TENANT;
  const ofKey = process.env.TOOLGATE_STREAMS_PER_KEY;
  const perDeployment = stated.perDeployment ?? setting("TOOLGATE_STREAMS", all, PER_DEPLOYMENT);
  const half = Math.ceil(perDeployment / 2);
  return {
    perKey: stated.perKey ?? setting("TOOLGATE_STREAMS_PER_KEY", ofKey, PER_KEY),
    perTenant: stated.perTenant ?? setting("TOOLGATE_STREAMS_PER_TENANT", ofTenant, half),
    perDeployment,
  };
};

type Lease = Pick<Doc<"toolgateStreamLeases">, "keyId" | "tenant" | "listens" | "endsAt">;

/** What is too many, and when one of them has ended, in milliseconds since 1970. */
interface Excess {
  readonly what: string;
  readonly until: number;
}

const excessOf = (what: string, leases: readonly Lease[], limit: number): Excess[] => {
  const over = leases.length - limit;
  const until = leases.map(({ endsAt }) => endsAt).sort((a, b) => a - b)[over];
  return until === undefined ? [] : [{ what: `${what} may hold ${String(limit)} at once`, until }];
};

/** At least half of the places are for work only: streams that listen can wait, and would otherwise never leave. */
const listeningShare = (limit: number): number => Math.max(1, Math.floor(limit / 2));

const excesses = (
  { keyId, tenant, listens }: Omit<Lease, "endsAt">,
  leases: readonly Lease[],
  { perKey, perTenant, perDeployment }: StreamLimits,
): Excess[] =>
  [
    { whose: "one key", limit: perKey, its: leases.filter((lease) => lease.keyId === keyId) },
    { whose: "one tenant", limit: perTenant, its: leases.filter((one) => one.tenant === tenant) },
    { whose: "all keys together", limit: perDeployment, its: leases },
  ].flatMap(({ whose, limit, its }) => {
    const listening = its.filter((lease) => lease.listens);
    const share = listeningShare(limit);
    return [
      ...excessOf(whose, its, limit),
      ...(listens ? excessOf(`listening, ${whose}`, listening, share) : []),
    ];
  });

/**
 * The refusal of one more stream; undefined if there is room for it.
 *
 * `Retry-After` is the time by which enough streams end for sure: each lease says when its request ends at the latest. Streams for jobs
 * mostly end earlier, but nobody knows when.
 *
 * @param wanted - whose stream it would be, and what for.
 * @param leases - of all open streams.
 */
export const refusalOf = (
  wanted: Omit<Lease, "endsAt">,
  leases: readonly Lease[],
  limits: StreamLimits,
): Refusal | undefined => {
  const all = excesses(wanted, leases, limits);
  const [first] = all;
  if (first === undefined) return undefined;
  const until = Math.max(...all.map((excess) => excess.until));
  const retryAfter = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  const message = `Too many open streams: ${first.what}. Retry after ${String(retryAfter)} s.`;
  return { kind: "stream_limit", message, retryAfter };
};
