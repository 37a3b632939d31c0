/** The checks of keys: the deployment can verify keys, refuses an unknown key, and accepts the given one. */
import { PEPPER_HELP } from "../../../src/auth/pepper";
import { parseKey } from "../../../src/auth/keyFormat";
import { describe, isStopped, lacksPepper } from "../answer";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, needed, ok, skip, type Finding } from "../finding";

const OPEN = "Any key gets in: is `apiKeyAuth` in the chain (convex/toolgate/chain.ts)?";
const UNSET = `${PEPPER_HELP}. Deploy in the README sets it.`;
const REFUSED =
  "Revoked, expired, or of another deployment: `npx toolgate keys verify` says which.";
const MISTYPED = "Copy it again, whole: cvxmcp_live_… or cvxmcp_test_…";

/** Without a pepper the gate answers 503 to every key of the right form. */
export const pepper: Check = {
  name: "pepper",
  run: async ({ toUnknownKey }) => {
    const reply = await toUnknownKey();
    if (lacksPepper(reply)) return fail("HTTP 503, API keys are off", UNSET);
    return reply.status === 401 ? ok("set") : skip("see unknown-key");
  },
};

/** A key that was never issued must be answered 401. The deployment records the attempt. */
export const unknownKey: Check = {
  name: "unknown-key",
  run: async ({ toUnknownKey }) => {
    const reply = await toUnknownKey();
    if (lacksPepper(reply)) return skip("see pepper");
    if (isStopped(reply)) return skip("see stop");
    return reply.status === 401 ? ok("HTTP 401") : fail(describe(reply), OPEN);
  },
};

const runKey = async ({ target, initialize, discover }: Deployment): Promise<Finding> => {
  if (target.key === undefined) return skip("no key", "Give one in TOOLGATE_KEY, or with --key.");
  if (parseKey(target.key) === undefined) return fail("no key of Toolgate's form", MISTYPED);
  const reply = await needed(Promise.any([initialize(), discover()]), "initialize");
  if (lacksPepper(reply)) return skip("see pepper");
  if (isStopped(reply)) return skip("see stop");
  if (reply.status === 401) return fail(describe(reply), REFUSED);
  return ok(`not refused: HTTP ${reply.status}`);
};

/** The given key must not be answered 401. */
export const key: Check = { name: "key", run: runKey };
