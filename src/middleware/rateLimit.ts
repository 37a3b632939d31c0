/**
 * Limits the rate of calls by token buckets: per key, per tenant, and for failed authentication. It has a database half only.
 *
 * It stands outside apiKeyAuth and reads its verdict. A call with a proven key takes tokens from that key's buckets. Any other call
 * takes only from a bucket that limits the audit rows of failures. So nobody can use up the limit of a key without its secret.
 *
 * A write takes more tokens from its key's bucket than a read, and a message that only opens or closes a connection takes fewer. A
 * separate bucket for either would be one more row on which parallel calls conflict.
 *
 * @see RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-10; docs.github.com, rate limits for the REST API (points)
 */
import type { GateTx } from "../data/database";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Guard, Verdict } from "./guard";
import {
  bucketsOf,
  cost,
  failureBucket,
  limitOf,
  policies,
  refusalBucket,
  type Policy,
} from "./limits";
import { giveBack, retryAfter, take, type Bucket, type Limit } from "./tokenBucket";

export interface RateLimitOptions {
  /**
   * Multiplies the rate and burst of every limit. Unless stated: the environment variable TOOLGATE_LIMIT_SCALE. It is 1 if that is
   * unset or not a positive number.
   */
  readonly scale?: () => string | undefined;
}

const scaleOf = ({ scale: stated }: RateLimitOptions): number => {
  const scale = Number((stated ? stated() : process.env.TOOLGATE_LIMIT_SCALE) ?? 1);
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
};

const window = ({ burst, perMinute }: Limit): string => String(Math.ceil((60 * burst) / perMinute));

const policyHeader = (scale: number): string =>
  policies
    .map((policy) => limitOf(policy, scale))
    .map(
      (limit, i) =>
        `"${String(policies[i])}";q=${String(Math.floor(limit.burst))};w=${window(limit)}`,
    )
    .join(", ");

/** By then both buckets have enough: a call that finds one of them short has not seen all of the other. */
const tooMany = (
  policy: Policy,
  buckets: Readonly<Record<Policy, Bucket>>,
  scale: number,
): Extract<Refusal, { kind: "rate_limit" }> => {
  const seconds = Math.max(...Object.values(buckets).map(retryAfter));
  const { perMinute } = buckets[policy].limit;
  const note = policy === "key" ? `, and a write counts as ${String(cost.write)}` : "";
  return {
    kind: "rate_limit",
    policy,
    message: `Too many requests: the ${policy} limit is ${String(perMinute)} per minute${note}. Retry after ${String(seconds)} s.`,
    retryAfter: seconds,
    policies: policyHeader(scale),
  };
};

/**
 * Takes the tokens of a read from a caller's buckets, for a request that does not go through the chain.
 *
 * @returns the refusal if a bucket has too few; then nothing is taken.
 */
export const charge = async (
  tx: GateTx,
  caller: Pick<Identity, "keyId" | "tenant">,
): Promise<Extract<Refusal, { kind: "rate_limit" }> | undefined> => {
  const scale = scaleOf({});
  const buckets = bucketsOf(caller, scale);
  const { short } = await take(tx, Object.values(buckets));
  return short && tooMany(short === buckets.key ? "key" : "tenant", buckets, scale);
};

/** Limits the audit rows of refusals: a flood of them must not fill the audit log. */
const sampled = async (tx: GateTx, bucket: Bucket): Promise<Pick<Verdict, "unrecorded">> => ({
  unrecorded: (await take(tx, [bucket])).short !== undefined,
});

/**
 * The tokens that a call takes. One that another guard refuses never takes those of a write, which would tell the caller that a tool
 * of that name exists.
 */
const tokensOf = ({ call, tool }: CallClaim, refusal: Refusal | undefined): number => {
  if (call.minor !== undefined) return cost.minor;
  const isWrite = refusal === undefined && tool !== undefined && tool.kind !== "query";
  return isWrite ? cost.write : cost.read;
};

/**
 * Refuses with 429 and `Retry-After` if a bucket has too few tokens. A 401 stays a 401; too many of them only stop the audit rows for
 * them.
 *
 * A write whose tool refuses the arguments gets back all but the tokens of a read. A notification over the limit leaves no audit row,
 * since nobody hears of its refusal.
 */
export const rateLimit = (
  options: RateLimitOptions = {},
): Guard<object, CallClaim, object, { principal: Identity }> => ({
  decide: async (tx, claim, next) => {
    const verdict = await next({});
    const { refusal, context } = verdict;
    const { principal } = context;
    if (principal === undefined)
      return refusal ? { ...verdict, ...(await sampled(tx, failureBucket(refusal))) } : verdict;
    const scale = scaleOf(options);
    const buckets = bucketsOf(principal, scale, tokensOf(claim, refusal));
    const payment = await take(tx, Object.values(buckets));
    if (payment.short === undefined)
      return { ...verdict, refund: () => giveBack(tx, payment.taken, cost.read) };
    const policy = payment.short === buckets.key ? "key" : "tenant";
    return {
      context,
      refusal: tooMany(policy, buckets, scale),
      ...(claim.call.minor === "notification"
        ? { unrecorded: true }
        : await sampled(tx, refusalBucket(principal))),
    };
  },
});
