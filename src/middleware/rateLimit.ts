/**
 * Rate limits by token bucket: per key, per tenant, and for failed authentication.
 *
 * It stands outside apiKeyAuth and reads its verdict: a call of a proven key takes from that key's buckets, any other only
 * from a bucket that limits what failures may write. So nobody can exhaust a key without its secret. Database half only.
 *
 * A write takes more of its key's bucket than a read. A bucket of its own would be one more row that parallel writes conflict on.
 *
 * @see RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-10; docs.github.com, rate limits for the REST API (points)
 */
import type { GateTx } from "../data/database";
import type { Principal } from "../data/principal";
import type { CallClaim, Denial, Guard } from "./guard";
import { fill, retryAfter, take, type Bucket, type Limit } from "./tokenBucket";

export interface RateLimitOptions {
  /** Multiplies the rate and burst of every limit; 1 when unset or not a positive number. */
  readonly scale: () => string | undefined;
}

/** Defaults: see the README for what they mean for one agent and for a tenant. */
const limits = {
  key: { perMinute: 120, burst: 48, shards: 6 },
  tenant: { perMinute: 600, burst: 200, shards: 16 },
  failure: { perMinute: 300, burst: 80, shards: 8 },
  keyFailure: { perMinute: 30, burst: 10, shards: 1 },
  refusal: { perMinute: 30, burst: 10, shards: 1 },
} as const satisfies Record<string, Limit>;

/** The policies a caller is told of: a tenant's name is not among them. */
const policies = ["key", "tenant"] as const;
type Policy = (typeof policies)[number];

/** The tokens that a write takes of its key's bucket. Anything else is one token, of any bucket. */
const WRITE_COST = 4;

/** A shard that could never hold the tokens of a write would let none in: small buckets have fewer of them. */
const scaled = ({ perMinute, burst, shards }: Limit, scale: number): Limit => ({
  perMinute: perMinute * scale,
  burst: Math.max(WRITE_COST, burst * scale),
  shards: Math.max(1, Math.min(shards, Math.floor((burst * scale) / WRITE_COST))),
});

const scaleOf = (options: RateLimitOptions): number => {
  const scale = Number(options.scale() ?? 1);
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
};

/** Whom limits are counted for. */
type Limited = Pick<Principal, "keyId" | "tenant">;

/** The buckets of a proven key, by policy. `cost` is what a call takes of the key's own. */
const bucketsOf = (
  { keyId, tenant }: Limited,
  scale = 1,
  cost = 1,
): Readonly<Record<Policy, Bucket>> => ({
  key: { name: `key:${keyId}`, limit: scaled(limits.key, scale), cost },
  tenant: { name: `tenant:${tenant}`, limit: scaled(limits.tenant, scale), cost: 1 },
});

/** Writes the buckets of a new key, and its tenant's if they are missing. */
export const fillBuckets = async (tx: GateTx, key: Limited): Promise<void> => {
  for (const bucket of Object.values(bucketsOf(key))) await fill(tx, bucket);
};

const failureBucket = (keyId: string | undefined): Bucket =>
  keyId === undefined
    ? { name: "failure", limit: limits.failure, cost: 1 }
    : { name: `failure:${keyId}`, limit: limits.keyFailure, cost: 1 };

/** Limits how many audit rows a key's refused calls may write. */
const refusalBucket = ({ keyId }: Limited): Bucket => ({
  name: `refusal:${keyId}`,
  limit: limits.refusal,
  cost: 1,
});

const window = ({ burst, perMinute }: Limit): string => String(Math.ceil((60 * burst) / perMinute));

const policyHeader = (scale: number): string =>
  policies
    .map((policy) => scaled(limits[policy], scale))
    .map(
      (limit, i) =>
        `"${String(policies[i])}";q=${String(Math.floor(limit.burst))};w=${window(limit)}`,
    )
    .join(", ");

/** Said where the limit is told. */
const notes = { key: `, and a write counts as ${String(WRITE_COST)}`, tenant: "" } as const;

const tooMany = (policy: Policy, bucket: Bucket, scale: number): Denial => {
  const seconds = String(retryAfter(bucket));
  const limit = `${policy} limit is ${String(bucket.limit.perMinute)} per minute${notes[policy]}`;
  return {
    reason: `rate_limit_${policy}`,
    status: 429,
    code: 429,
    message: `Too many requests: the ${limit}. Retry after ${seconds} s.`,
    headers: {
      "Retry-After": seconds,
      // What is left for a call like this one: a read may find tokens that are too few for a write.
      RateLimit: `"${policy}";r=0;t=${seconds}`,
      "RateLimit-Policy": policyHeader(scale),
    },
    withId: true,
  };
};

/** What is refused again and again must not fill the audit log. */
const sampled = async (tx: GateTx, bucket: Bucket, denial: Denial): Promise<Denial> =>
  (await take(tx, [bucket])) === undefined ? denial : { ...denial, unrecorded: true };

/**
 * Denies with 429 and `Retry-After` when a bucket has too little. A 401 stays a 401: when failures pour in, it only stops writing
 * audit rows for them. A call that rbac denied still costs a token, and no more: the cost of a write would tell that there is a
 * tool by that name.
 */
export const rateLimit = (
  options: RateLimitOptions,
): Guard<object, CallClaim, object, { principal: Principal }> => ({
  decide: async (tx, { tool }, next) => {
    const verdict = await next({});
    const { denial } = verdict;
    const { principal } = verdict.context;
    if (principal === undefined)
      return denial
        ? { ...verdict, denial: await sampled(tx, failureBucket(denial.keyId), denial) }
        : verdict;
    const scale = scaleOf(options);
    const isWrite = denial === undefined && tool !== undefined && tool.kind !== "query";
    const buckets = bucketsOf(principal, scale, isWrite ? WRITE_COST : 1);
    const short = await take(tx, Object.values(buckets));
    const policy = policies.find((name) => buckets[name] === short);
    if (policy === undefined) return verdict;
    const refusal = tooMany(policy, buckets[policy], scale);
    return { ...verdict, denial: await sampled(tx, refusalBucket(principal), refusal) };
  },
});
