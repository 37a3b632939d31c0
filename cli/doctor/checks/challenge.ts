/** The check `challenge`: a client without a key must learn that it needs one. */
import { describe } from "../answer";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, type Finding } from "../finding";

const OPEN =
  "The endpoint must refuse strangers: is `apiKeyAuth` in the chain (convex/toolgate/chain.ts)?";
const STRIPPED =
  "Clients ask for a key because of it: let the proxy in front pass WWW-Authenticate.";

const run = async ({ toStranger }: Deployment): Promise<Finding> => {
  const reply = await toStranger();
  if (reply.status !== 401) return fail(describe(reply), OPEN);
  const scheme = /^\w+/.exec(reply.headers.get("www-authenticate") ?? "")?.[0];
  if (scheme?.toLowerCase() === "bearer") return ok("HTTP 401 with WWW-Authenticate: Bearer");
  return fail(`HTTP 401 with ${scheme ?? "no"} WWW-Authenticate`, STRIPPED);
};

/** A request without a key must be answered 401 with `WWW-Authenticate: Bearer`. */
export const challenge: Check = { name: "challenge", run };
