/** Serves one path: its methods, CORS, and errors. */
import { readPeppers } from "../auth/pepper";
import { siteOrigin, URL_HELP } from "../auth/site";
import { stopped } from "../auth/stop";
import type { ActionCtx } from "../data/database";
import type { Handler } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";
import { runnerOf } from "../runner/runner";
import { empty, reject } from "../wire/responses";
import type { Incoming } from "./incoming";
import type { ConnectOptions } from "./options";
import { problemOf, stoppedProblem, type Problem } from "./problem";

/** What a path answers. */
export interface Route {
  readonly GET?: (incoming: Incoming) => Promise<Response>;
  readonly POST?: (incoming: Incoming) => Promise<Response>;
  /** Whether web pages of any origin may read the replies. Nothing here looks at cookies, so they learn nothing that others could not. */
  readonly isOpen: boolean;
  readonly tell: (problem: Problem, incoming: Incoming) => Response;
}

const openHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Retry-After, WWW-Authenticate",
};

const allowOf = ({ GET, POST }: Route): string =>
  [...(GET ? ["GET", "HEAD"] : []), ...(POST ? ["POST"] : []), "OPTIONS"].join(", ");

const optionsReply = (route: Route): Response => {
  const allow = allowOf(route);
  if (!route.isOpen) return empty(204, { Allow: allow });
  return empty(204, {
    Allow: allow,
    "Access-Control-Allow-Methods": allow,
    "Access-Control-Allow-Headers": "MCP-Protocol-Version, Content-Type, Authorization",
    "Access-Control-Max-Age": "600",
  });
};

const run = async (route: Route, incoming: Incoming): Promise<Response> => {
  const { method } = incoming.request;
  if (method === "OPTIONS") return optionsReply(route);
  // Convex hands HEAD to the routes of GET.
  const work = method === "HEAD" ? route.GET : method === "GET" ? route.GET : undefined;
  const handler = method === "POST" ? route.POST : work;
  if (handler === undefined) {
    const allow = allowOf(route);
    return reject(405, `Method ${method} is not allowed; use ${allow}`, { Allow: allow });
  }
  try {
    if (stopped() === "all") throw stoppedProblem();
    return await handler(incoming);
  } catch (error) {
    return route.tell(problemOf(error), incoming);
  }
};

const whyNoOrigin = (): string =>
  (process.env.TOOLGATE_URL ?? "") === "" ? "CONVEX_SITE_URL is not set" : URL_HELP;

/** The reply to HEAD is that to GET, without its body. */
const headOf = ({ status, headers }: Response): Response => new Response(null, { status, headers });

/**
 * The body of an `httpAction` that serves paths. It never rejects: what goes wrong is told as the route tells it.
 *
 * @param find - the route of a path.
 * @param otherwise - answers a path without a route.
 */
export const serve =
  (
    app: Toolgate,
    options: ConnectOptions,
    find: (path: string) => Route | undefined,
    otherwise: Handler<ActionCtx>,
  ): Handler<ActionCtx> =>
  async (ctx, request) => {
    const url = new URL(request.url);
    const route = find(url.pathname);
    if (route === undefined) return otherwise(ctx, request);
    const origin = siteOrigin();
    if (origin === undefined)
      return reject(503, `OAuth is off on this deployment: ${whyNoOrigin()}`);
    const peppers = readPeppers();
    const incoming = { app, options, runner: runnerOf(ctx), request, url, origin, peppers };
    const response = await run(route, incoming);
    if (route.isOpen)
      for (const [name, value] of Object.entries(openHeaders)) response.headers.set(name, value);
    return request.method === "HEAD" ? headOf(response) : response;
  };
