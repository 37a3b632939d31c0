/** The one place that turns a refusal into a reply. */
import { MAX_ANSWERS } from "../asking/answers";
import { INVALID_KEY, INVALID_KEY_MESSAGE } from "../auth/challenge";
import { STOPPED } from "../auth/stop";
import { quoted } from "../base/text";
import { failed, type Ended } from "../data/outcome";
import type { Refusal } from "../data/refusal";
import { ErrorCode, invalidParams, RpcError } from "../wire/jsonrpc";
import type { Era } from "./exchange";
import { stoppedAll } from "./stopped";
import { needsTasks } from "./revision/tasks";

/** The error for a URI that is not a resource for this caller. Its code depends on the era. */
export const resourceNotFound = ({ resourceNotFound: code }: Era, uri: string): RpcError =>
  new RpcError(code, "Resource not found", { data: { uri: quoted(uri, 1024) } });

const tooMany = (message: string, retryAfter: number, headers: Record<string, string> = {}) =>
  new RpcError(429, message, {
    status: 429,
    headers: { "Retry-After": String(retryAfter), ...headers },
    data: { retryAfter },
  });

const unknown = ({ target: { kind, name } }: Extract<Refusal, { kind: "unknown" }>, era: Era) =>
  kind === "resource"
    ? resourceNotFound(era, name)
    : new RpcError(ErrorCode.InvalidParams, `Unknown ${kind}: ${quoted(name, 64)}`);

const ownFault = ({ code, message, data, ...more }: Extract<Refusal, { kind: "malformed" }>) =>
  new RpcError(code, message, {
    ...more,
    ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
  });

const SHARED_KEY =
  'the header Idempotency-Key covers one message, and more than one of this batch writes. Send the key of each in its _meta["toolgate/idempotencyKey"] or its arguments.';

/** Revisions before 2026-07-28 have no error code for this, so their clients get a failed tool. */
const taskOnly = ({ asksOnStream }: Era): RpcError | Ended => {
  const message = "This tool needs a client with the tasks extension";
  if (asksOnStream) return failed("not_allowed", message);
  return new RpcError(ErrorCode.MissingClientCapability, message, {
    status: 400,
    data: needsTasks(),
  });
};

/**
 * The reply to a refusal: an error, or a failed outcome of the tool where the model should read it and call again.
 *
 * The reply reveals nothing that the refusal hides. An invalid key reads the same whatever is wrong with it. An entry that the caller
 * may not use reads the same as one that does not exist.
 */
export const wireOf = (refusal: Refusal, era: Era): RpcError | Ended => {
  switch (refusal.kind) {
    case "invalid_key":
      return new RpcError(401, INVALID_KEY_MESSAGE, {
        status: 401,
        headers: INVALID_KEY,
        hidesId: true,
      });
    case "rate_limit":
      return tooMany(refusal.message, refusal.retryAfter, {
        // `r=0`: nothing is left for a call like this one. A read may find a few tokens that are too few for a write.
        RateLimit: `"${refusal.policy}";r=0;t=${String(refusal.retryAfter)}`,
        "RateLimit-Policy": refusal.policies,
      });
    case "stream_limit":
      return tooMany(refusal.message, refusal.retryAfter);
    case "unknown":
      return unknown(refusal, era);
    case "constraint":
      return failed("not_allowed", refusal.problems.join("\n"));
    case "fixed":
      return failed("invalid_arguments", refusal.problems.join("\n"));
    case "stopped":
      return refusal.what === "all" ? stoppedAll() : failed("stopped", STOPPED.writes);
    case "malformed":
      return ownFault(refusal);
    case "shared_key":
      return invalidParams(SHARED_KEY);
    case "task_only":
      return taskOnly(era);
    case "bad_state":
    case "foreign_state":
      return invalidParams(
        '"requestState" was not issued for this call, or has expired. Call again without it.',
      );
    case "answers_too_long":
      return invalidParams(
        `"inputResponses" may come to ${String(MAX_ANSWERS / 1024)} KiB in all rounds`,
      );
    case "refused": {
      const { status, message, headers = {} } = refusal;
      return new RpcError(status, message, { status, headers, hidesId: true });
    }
  }
};
