/** The routes of a deployment that serves MCP. */
import { httpActionGeneric, type HttpRouter, type PublicHttpAction } from "convex/server";
import type { ActionCtx } from "../data/database";
import { compose } from "../middleware/compose";
import type { Handler } from "../middleware/guard";
import { originCheck } from "../middleware/originCheck";
import type { Toolgate } from "../registry/toolgate";
import { notFound } from "../wire/responses";
import { aroundDocuments } from "./public/documents";
import { FAVICON, hasFavicon } from "./public/favicon";

/** All that Convex can route. HEAD arrives as GET. */
const METHODS = ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const;

/** What `connect` makes of an app: see connect/connect.ts. */
interface OAuth {
  readonly prefix: string;
  readonly around: (otherwise: Handler<ActionCtx>) => Handler<ActionCtx>;
}

const inUse = (path: string): Error =>
  new Error(`http.ts already routes ${path}, which registerRoutes is to route`);

type Methods = readonly (typeof METHODS)[number][];

/** Leads methods of a path to an action. */
const routePath = (
  { exactRoutes }: HttpRouter,
  path: string,
  methods: Methods,
  handler: PublicHttpAction,
): void => {
  const routes = exactRoutes.get(path) ?? new Map<Methods[number], PublicHttpAction>();
  for (const method of methods) {
    if (routes.has(method)) throw inUse(path);
    routes.set(method, handler);
  }
  exactRoutes.set(path, routes);
};

/** Leads each method of all paths below some prefixes to an action. */
const routePrefixes = (http: HttpRouter, prefixes: string[], handler: PublicHttpAction) => {
  for (const method of METHODS) {
    const routes = http.prefixRoutes.get(method) ?? new Map<string, PublicHttpAction>();
    for (const prefix of prefixes) {
      if (routes.has(prefix)) throw inUse(`${prefix}*`);
      routes.set(prefix, handler);
    }
    http.prefixRoutes.set(method, routes);
  }
};

/**
 * Routes `/mcp` to the endpoint, with and without a slash at its end, what directories read, and the paths of OAuth if that is on. All
 * other paths under `/mcp/` and `/.well-known/` are answered with a 404 in JSON, whatever the method, and preflights with 204. An exact
 * route of the app's own goes before them. `/favicon.ico` leads to the app's first icon unless something of the app's own answers it:
 * route that before.
 *
 * Every HTTP method is routed, since Convex answers one without a route with a plain 404. Clients look for OAuth metadata under both,
 * and some fail on an answer that is not JSON. Those paths need no key, and check Origin in the same way.
 *
 * It writes the router's own two maps, since each request evaluates this: `http.route` takes one method of one path, and two dozen calls
 * of it were a sixth of what http.ts adds to an app's HTTP action.
 *
 * @param http - the router of the app. The routes are added to it.
 * @param endpoint - `httpAction(compose(...chain)(mcp(app)))`; with OAuth, `oauth.front` is the first in the chain.
 * @param app - the result of `defineToolgate`.
 * @param oauth - `connect(app)`. Absent: there is no OAuth, and clients learn so.
 * @throws Error that names the path if the app has routed one of these in the same way.
 * @see docs.convex.dev/api/classes/server.HttpRouter, exactRoutes and prefixRoutes
 */
export const registerRoutes = (
  http: HttpRouter,
  endpoint: PublicHttpAction,
  app: Toolgate,
  oauth?: OAuth,
): void => {
  // Made by a request for one of these paths, since all other requests run this too.
  const handler = httpActionGeneric((ctx, request) => {
    const nothing = compose(originCheck({ methods: "GET, OPTIONS" }))(notFound);
    const documents = aroundDocuments(app, oauth !== undefined, nothing);
    return (oauth === undefined ? documents : oauth.around(documents))(ctx, request);
  });
  const prefixes = ["/mcp/", "/.well-known/"];
  if (oauth !== undefined) prefixes.push(oauth.prefix);
  if (hasFavicon(http, app)) routePath(http, FAVICON, ["GET"], handler);
  for (const path of ["/mcp", "/mcp/"]) routePath(http, path, METHODS, endpoint);
  routePrefixes(http, prefixes, handler);
};
