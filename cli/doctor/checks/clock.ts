/** The check `clock`: this machine and the deployment must agree on the time. */
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { ok, warn, type Finding } from "../finding";

const TODO = "Set this machine's clock, or find what answers with an old Date: a cache?";

const run = async ({ toStranger, limits }: Deployment): Promise<Finding> => {
  const { headers, receivedAt } = await toStranger();
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return warn("no Date header", "Something removes it: let it pass.");
  const seconds = Math.round((date - receivedAt) / 1000);
  const seen = `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} this machine`;
  return Math.abs(date - receivedAt) > limits.skewMs ? warn(seen, TODO) : ok(seen);
};

/** Compares the Date header with the local clock. The deployment's clock decides when a key expires. */
export const clock: Check = { name: "clock", run };
