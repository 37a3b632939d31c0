/** The check of the operator's switch `TOOLGATE_STOP`. */
import { STOPPED_META } from "../../../src/auth/stop";
import { isObject } from "../../../src/wire/jsonrpc";
import { isStopped, resultOf } from "../answer";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, warn, type Finding } from "../finding";

const LIFT = "`npx convex env remove TOOLGATE_STOP` ends it.";

/** What the greeting says is stopped; undefined if it says nothing, or cannot be read. */
const toldIn = async ({ initialize }: Deployment): Promise<unknown> => {
  try {
    const { _meta: meta } = resultOf(await initialize());
    return isObject(meta) ? meta[STOPPED_META] : undefined;
  } catch {
    return undefined;
  }
};

const run = async (deployment: Deployment): Promise<Finding> => {
  if (isStopped(await deployment.toUnknownKey())) return fail("all requests are stopped", LIFT);
  const what = await toldIn(deployment);
  return what === undefined ? ok("requests go on") : warn("what writes is stopped", LIFT);
};

/** Whether the operator has stopped all requests, which anyone can see, or what writes, which a key can see. */
export const stop: Check = { name: "stop", run };
