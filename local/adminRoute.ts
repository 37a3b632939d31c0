/**
 * `POST /_local/run` does for the local server what `npx convex run` does for a deployment: it runs internal functions.
 *
 * So it answers only requests that come from this machine, name this machine as their Host, and carry the token of this start. It
 * refuses web pages; the console has a route of its own.
 */
import { isLoopbackAddress, isLoopbackHeader } from "../cli/loopback";
import type { Peer } from "../cli/serve/listen";
import { answerRun, refuse } from "../cli/serve/runRoute";
import { hasToken } from "../cli/serve/token";
import type { Backend } from "./backend";

/** The path of the route. */
export const ADMIN_PATH = "/_local/run";

/** Returns the refusal of a request; undefined if it may go on. */
const turnAway = (request: Request, { ip }: Peer, token: string): Response | undefined => {
  const { headers, method } = request;
  const isLocal = isLoopbackAddress(ip) && isLoopbackHeader(headers.get("host"));
  if (!isLocal || headers.has("origin")) return refuse(403, "forbidden", "Only from this machine");
  if (new URL(request.url).pathname !== ADMIN_PATH) return refuse(404, "not_found", "Not found");
  if (method !== "POST") return refuse(405, "method_not_allowed", "Use POST", { Allow: "POST" });
  if (hasToken(request, token)) return undefined;
  const challenge = { "WWW-Authenticate": "Bearer" };
  return refuse(401, "unauthorized", "The token of this start is needed", challenge);
};

/**
 * Makes the function that answers all requests under `/_local/`, as `answerRun` does.
 *
 * @param token - of this start.
 */
export const adminRoute =
  (run: Backend["run"], token: string) =>
  async (request: Request, peer: Peer): Promise<Response> =>
    turnAway(request, peer, token) ?? answerRun(request, (name, args) => run(name, args, peer));
