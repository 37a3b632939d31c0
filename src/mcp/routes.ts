/** The routes of a deployment that serves MCP. */
import { httpActionGeneric, type HttpRouter, type PublicHttpAction } from "convex/server";
import { compose } from "../middleware/compose";
import { originCheck } from "../middleware/originCheck";
import { notFound } from "../wire/responses";

/** All that Convex can route. HEAD arrives as GET. */
const METHODS = ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const;

/**
 * Routes `/mcp` to the endpoint, with and without a slash at its end. All other paths under `/mcp/` and `/.well-known/` are answered
 * with a 404 in JSON, whatever the method, and preflights with 204. An exact route of the app's own goes before them.
 *
 * Every HTTP method is routed, since Convex answers one without a route with a plain 404. Clients look for OAuth metadata under both,
 * and some fail on an answer that is not JSON. Those paths need no key, and check Origin in the same way.
 *
 * @param http - the router of the app. The routes are added to it.
 * @param endpoint - `httpAction(compose(...chain)(mcp(app)))`.
 */
export const registerRoutes = (http: HttpRouter, endpoint: PublicHttpAction): void => {
  const nothing = httpActionGeneric(compose(originCheck({ methods: "GET, OPTIONS" }))(notFound));
  for (const method of METHODS) {
    http.route({ path: "/mcp", method, handler: endpoint });
    http.route({ path: "/mcp/", method, handler: endpoint });
    http.route({ pathPrefix: "/mcp/", method, handler: nothing });
    http.route({ pathPrefix: "/.well-known/", method, handler: nothing });
  }
};
