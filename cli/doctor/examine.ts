/** Runs all checks. */
import { withoutKeys } from "../../src/base/text";
import type { Check } from "./check";
import { challenge } from "./checks/challenge";
import { clock } from "./checks/clock";
import { eventStream } from "./checks/eventStream";
import { get } from "./checks/get";
import { key, pepper, unknownKey } from "./checks/key";
import { longStream } from "./checks/longStream";
import { oauthOpenId, oauthResource, oauthServer } from "./checks/oauthDiscovery";
import { oauthAuthorize, oauthRegister, oauthToken } from "./checks/oauthFlow";
import { foreignOrigin, preflight } from "./checks/origin";
import { rateLimit } from "./checks/rateLimit";
import { reach } from "./checks/reach";
import { discover, initialize, version } from "./checks/revisions";
import { streams } from "./checks/streams";
import { stop } from "./checks/stop";
import { times } from "./checks/times";
import { toolsCall, toolsList } from "./checks/tools";
import { wellKnown } from "./checks/wellKnown";
import { deploymentAt, type Deployment } from "./deployment";
import { fail, skip, Verdict, type Finding } from "./finding";
import { NoReply } from "./noReply";
import type { Limits, Target } from "./target";

/** A finding, with the name of its check. */
export interface Examined extends Finding {
  readonly name: string;
}

/** The checks in the order of the report. They run at the same time, after `reach` and before `times` and `rate-limit`. */
const checks: readonly Check[] = [
  ...[clock, challenge, foreignOrigin, preflight, wellKnown],
  ...[oauthResource, oauthServer, oauthOpenId, oauthRegister, oauthAuthorize, oauthToken],
  ...[pepper, stop, unknownKey, key, initialize, discover, version],
  ...[toolsList, toolsCall, eventStream, longStream, streams, get],
];

const findingOf = (error: unknown): Finding => {
  if (error instanceof Verdict) return error.finding;
  if (error instanceof NoReply) return fail(error.message, error.todo);
  throw error;
};

/** Redacts keys, which an answer may quote. */
const nameless = ({ seen, todo, ...rest }: Finding): Finding => ({
  ...rest,
  seen: withoutKeys(seen),
  ...(todo !== undefined && { todo: withoutKeys(todo) }),
});

const look = async ({ name, run }: Check, deployment: Deployment): Promise<Examined> => {
  const finding = await Promise.resolve(deployment).then(run).catch(findingOf);
  return { name, ...nameless(finding) };
};

const unreached: Check["run"] = () => skip("see reach");

/**
 * Examines a deployment.
 *
 * @param tell - called with each finding, in the order of the checks, as soon as possible.
 * @returns all findings. It does not reject for a fault of the deployment.
 */
export const examine = async (
  target: Target,
  limits: Limits,
  tell: (examined: Examined) => void = () => undefined,
): Promise<readonly Examined[]> => {
  const deployment = deploymentAt(target, limits);
  const all: Examined[] = [];
  const add = async (work: Promise<Examined>): Promise<Examined> => {
    const examined = await work;
    all.push(examined);
    tell(examined);
    return examined;
  };
  const { status } = await add(look(reach, deployment));
  const lookAt = ({ name, run }: Check) =>
    look({ name, run: status === "fail" ? unreached : run }, deployment);
  for (const work of checks.map(lookAt)) await add(work);
  for (const check of times) await add(lookAt(check));
  await add(look(rateLimit, deployment));
  return all;
};
