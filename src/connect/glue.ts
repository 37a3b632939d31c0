/** The functions of the glue that the endpoints of OAuth call, each at most once a request. */
import {
  makeFunctionReference,
  type DefaultFunctionArgs,
  type FunctionReference,
} from "convex/server";
import type { KeyCredential } from "../auth/credential";
import type { Approve, Approved } from "../grants/approve";
import type { Decided, DecideDevice, StartDevice } from "../grants/device";
import type { Proven } from "../grants/prove";
import type { Refused } from "../grants/refused";
import type { Renewed } from "../grants/renewal";
import type { Revoke } from "../grants/revoke";
import type { TokenAsk } from "../grants/token";
import type { Incoming } from "./incoming";
import { Problem } from "./problem";

interface Mutations {
  prove: [args: { credential: KeyCredential }, returns: Proven | Refused];
  approve: [args: Approve, returns: Approved | Refused];
  token: [args: { ask: TokenAsk }, returns: Renewed | Refused];
  revoke: [args: Revoke, returns: null];
  startDevice: [args: StartDevice, returns: Record<string, never> | Refused];
  decideDevice: [args: DecideDevice, returns: Decided | Refused];
}

/**
 * Runs a mutation of the glue. A refusal is its result.
 *
 * @param isRepeatable - whether the same call, made twice, does the same as once.
 * @throws as `Runner` says.
 */
export const ask = <Name extends keyof Mutations>(
  { app, runner }: Pick<Incoming, "app" | "runner">,
  name: Name,
  args: Mutations[Name][0],
  isRepeatable = true,
): Promise<Mutations[Name][1]> => {
  type Ref = FunctionReference<"mutation", "public", DefaultFunctionArgs, Mutations[Name][1]>;
  return runner.mutation<Ref>(
    makeFunctionReference(`${app.dir}/connect:${name}`),
    args,
    isRepeatable,
  );
};

type Refusal = Refused["refusal"];

/** The message for people. One for all that is wrong with a key. */
const messageOf = (refusal: Refusal): string =>
  refusal.kind === "invalid_key"
    ? "This API key is not valid. Check it, or ask for a new one."
    : refusal.message;

/** A refusal as an error of RFC 6749. */
export const problemOfRefusal = (refusal: Refusal): Problem =>
  refusal.kind === "rate_limit"
    ? new Problem("temporarily_unavailable", refusal.message, {
        status: 429,
        headers: { "Retry-After": String(refusal.retryAfter) },
      })
    : new Problem(refusal.kind, messageOf(refusal));
