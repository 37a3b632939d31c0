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

/**
 * Routes `/mcp` to the endpoint, with and without a slash at its end, what directories read, and the paths of OAuth if that is on. All
 * other paths under `/mcp/` and `/.well-known/` are answered with a 404 in JSON, whatever the method, and preflights with 204. An exact
 * route of the app's own goes before them. `/favicon.ico` leads to the app's first icon unless something of the app's own answers it:
 * route that before.
 *
 * Every HTTP method is routed, since Convex answers one without a route with a plain 404. Clients look for OAuth metadata under both,
 * and some fail on an answer that is not JSON. Those paths need no key, and check Origin in the same way.
 *
 * @param http - the router of the app. The routes are added to it.
 * @param endpoint - `httpAction(compose(...chain)(mcp(app)))`; with OAuth, `oauth.front` is the first in the chain.
 * @param app - the result of `defineToolgate`.
 * @param oauth - `connect(app)`. Absent: there is no OAuth, and clients learn so.
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
  const prefixes = ["/mcp/", "/.well-known/", ...(oauth === undefined ? [] : [oauth.prefix])];
  if (hasFavicon(http, app)) http.route({ path: FAVICON, method: "GET", handler });
  for (const method of METHODS) {
    http.route({ path: "/mcp", method, handler: endpoint });
    http.route({ path: "/mcp/", method, handler: endpoint });
    for (const pathPrefix of prefixes) http.route({ pathPrefix, method, handler });
  }
};
