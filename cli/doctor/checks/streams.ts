/** The check `streams`: whether the deployment has the slots that the limits of open streams are made for. */
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { ok, skip, type Finding } from "../finding";

const SELF_HOSTED =
  "A self-hosted backend has 16 slots for actions, not 64, unless APPLICATION_MAX_CONCURRENT_V8_ACTIONS says more: npx convex env set TOOLGATE_STREAMS 6";

const run = ({ target: { url } }: Deployment): Finding => {
  if (url.hostname.endsWith(".convex.site")) return ok("on Convex's cloud: 64 slots or more");
  return skip("not on Convex's cloud, by its name", SELF_HOSTED);
};

/** Judges by the address alone: no answer tells how many slots a deployment has, and trying it would take them from others. */
export const streams: Check = { name: "streams", run };
