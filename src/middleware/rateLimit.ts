/**
 * Rate limits by token bucket: per key, per key for writes, per tenant, and for failed authentication.
 *
 * It stands outside apiKeyAuth and reads its verdict: a call of a proven key takes from that key's buckets, any other only
 * from a bucket that limits what failures may write. So nobody can exhaust a key without its secret. Database half only.
 *
 * @see RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-10
 */
import type { Denial } from "../admission";
import type { CallClaim, Guard } from "../compose";
import type { GateTx } from "../dataModel";
import type { Principal } from "../principal";
import { fill, retryAfter, take, type Bucket, type Limit } from "../tokenBucket";

export interface RateLimitOptions {
  /** Multiplies the rate and burst of every limit; 1 when unset or not a positive number. */
  readonly scale: () => string | undefined;
}

/** Defaults: see the README for what they mean for one agent and for a tenant. */
const limits = {
  key: { perMinute: 120, burst: 40, shards: 8 },
  write: { perMinute: 30, burst: 12, shards: 4 },
  tenant: { perMinute: 600, burst: 200, shards: 16 },
  failure: { perMinute: 300, burst: 80, shards: 8 },
  keyFailure: { perMinute: 30, burst: 10, shards: 1 },
  refusal: { perMinute: 30, burst: 10, shards: 1 },
} as const satisfies Record<string, Limit>;

/** The policies a caller is told of: a tenant's name is not among them. */
const policies = ["key", "write", "tenant"] as const;
type Policy = (typeof policies)[number];

/** A shard that could never hold a whole token would let nobody in: small buckets have fewer of them. */
const scaled = ({ perMinute, burst, shards }: Limit, scale: number): Limit => ({
  perMinute: perMinute * scale,
  burst: Math.max(1, burst * scale),
  shards: Math.max(1, Math.min(shards, Math.floor((burst * scale) / MIN_TOKENS))),
});

/** The fewest tokens that are worth a shard of their own. */
const MIN_TOKENS = 3;

const scaleOf = (options: RateLimitOptions): number => {
  const scale = Number(options.scale() ?? 1);
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
};

/** Whom limits are counted for. */
type Limited = Pick<Principal, "keyId" | "tenant">;

/** The buckets of a proven key, by policy. */
const bucketsOf = (principal: Limited, isWrite: boolean, scale: number): [Policy, Bucket][] => [
  ["key", { name: `key:${principal.keyId}`, limit: scaled(limits.key, scale) }],
  ...(isWrite
    ? [
        ["write", { name: `write:${principal.keyId}`, limit: scaled(limits.write, scale) }] as [
          Policy,
          Bucket,
        ],
      ]
    : []),
  ["tenant", { name: `tenant:${principal.tenant}`, limit: scaled(limits.tenant, scale) }],
];

/** Writes the buckets of a new key, and its tenant's if they are missing. */
export const fillBuckets = async (tx: GateTx, key: Limited): Promise<void> => {
  for (const [, bucket] of bucketsOf(key, true, 1)) await fill(tx, bucket);
};

const failureBucket = (keyId: string | undefined): Bucket =>
  keyId === undefined
    ? { name: "failure", limit: limits.failure }
    : { name: `failure:${keyId}`, limit: limits.keyFailure };

/** Limits how many audit rows a key's refused calls may write. */
const refusalBucket = ({ keyId }: Limited): Bucket => ({
  name: `refusal:${keyId}`,
  limit: limits.refusal,
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

const tooMany = (policy: Policy, limit: Limit, scale: number): Denial => {
  const seconds = String(retryAfter(limit));
  return {
    reason: `rate_limit_${policy}`,
    status: 429,
    code: 429,
    message: `Too many requests: the ${policy} limit is ${String(limit.perMinute)} per minute. Retry after ${seconds} s.`,
    headers: {
      "Retry-After": seconds,
      RateLimit: `"${policy}";r=0;t=${seconds}`,
      "RateLimit-Policy": policyHeader(scale),
    },
    withId: true,
  };
};

/**
 * Denies with 429 and `Retry-After` when a bucket is empty. A 401 stays a 401: when failures pour in, it only stops writing
 * audit rows for them. A call that rbac denied still costs a token.
 */
export const rateLimit = (
  options: RateLimitOptions,
): Guard<object, CallClaim, object, { principal: Principal }> => ({
  decide: async (tx, { tool }, next) => {
    const verdict = await next({});
    const { principal } = verdict.context;
    if (principal === undefined) {
      const { denial } = verdict;
      const isFull = (await take(tx, [failureBucket(denial?.keyId)])) !== undefined;
      return denial && isFull ? { denial: { ...denial, unrecorded: true } } : verdict;
    }
    const scale = scaleOf(options);
    const buckets = bucketsOf(principal, tool !== undefined && tool.kind !== "query", scale);
    const empty = await take(
      tx,
      buckets.map(([, bucket]) => bucket),
    );
    const found = buckets.find(([, bucket]) => bucket === empty);
    if (found === undefined) return verdict;
    // One that keeps asking must not fill the audit log.
    const isFull = (await take(tx, [refusalBucket(principal)])) !== undefined;
    const denial = tooMany(found[0], found[1].limit, scale);
    return { ...verdict, denial: isFull ? { ...denial, unrecorded: true } : denial };
  },
});
