/** The check `GET`: clients use GET to ask for a standing stream, which this server does not have. */
import { describe } from "../answer";
import type { Ask, Reply } from "../ask";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, Verdict, type Finding } from "../finding";
import { NoReply } from "../noReply";

const TODO =
  "Route GET to the endpoint as well (convex/http.ts): it answers 405, and 401 without a key.";
const HELD =
  "Something holds the request open. Clients wait for it: let GET through to the endpoint.";

const GET: Ask = { method: "GET", headers: { Accept: "text/event-stream" } };

/** Whether the deployment accepts the key in either era. */
const isAdmitted = ({ dialect }: Deployment): Promise<boolean> =>
  dialect().then(
    () => true,
    () => false,
  );

const attempt = async (reply: Promise<Reply>): Promise<Reply> => {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof NoReply && error.isTimeout) throw new Verdict(fail(error.message, HELD));
    throw error;
  }
};

const run = async (deployment: Deployment): Promise<Finding> => {
  const isKnown = await isAdmitted(deployment);
  const reply = await attempt(isKnown ? deployment.askWithKey(GET) : deployment.ask(GET));
  // A good key must not get a 401 on any method, because clients would throw the key away.
  if (reply.status === (isKnown ? 405 : 401)) return ok(`HTTP ${reply.status}`);
  return fail(describe(reply), TODO);
};

/** A GET must be answered 405 at once, or 401 without a key. */
export const get: Check = { name: "GET", run };
