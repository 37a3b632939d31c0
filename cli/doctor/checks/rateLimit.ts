/** The check `rate-limit`: reports a rate limit that the other checks met. It provokes none, because the key needs its tokens. */
import type { Reply } from "../ask";
import type { Check } from "../check";
import { fail, ok, skip, warn, type Finding } from "../finding";

const LATER = "The key, or its tenant, is in heavy use. Run this again later.";
const BLIND = "Clients cannot tell when to come back: let Retry-After pass.";

const limited = ({ headers }: Reply, count: number): Finding => {
  const after = headers.get("retry-after");
  if (after === null) return fail("HTTP 429 without Retry-After", BLIND);
  const policy = headers.get("ratelimit-policy") ?? "no RateLimit-Policy";
  return warn(`HTTP 429 among ${count} requests, Retry-After ${after} s, ${policy}`, LATER);
};

/** Reads the answers to the other checks. Only a 429 carries the headers. */
export const rateLimit: Check = {
  name: "rate-limit",
  run: ({ answersToKey }) => {
    if (answersToKey.length === 0) return skip("nothing was asked with a key");
    const reply = answersToKey.find(({ status }) => status === 429);
    if (reply !== undefined) return limited(reply, answersToKey.length);
    return ok(`not met in ${answersToKey.length} requests with the key`);
  },
};
