/** The routes of a deployment that serves MCP. */
import { httpActionGeneric, type HttpRouter, type PublicHttpAction } from "convex/server";
import { compose } from "../middleware/compose";
import { originCheck } from "../middleware/originCheck";
import { notFound } from "../wire/responses";

/**
 * Routes `/mcp` to the endpoint, and answers `/.well-known/` with a 404 in JSON.
 *
 * Every HTTP method is routed, since Convex answers one without a route with a plain 404. HEAD arrives as GET. Clients look for OAuth
 * metadata under `/.well-known/`, and some fail on an answer that is not JSON. That path needs no key, and checks Origin in the same
 * way.
 *
 * @param http - the router of the app. The routes are added to it.
 * @param endpoint - `httpAction(compose(...chain)(mcp(app)))`.
 */
export const registerRoutes = (http: HttpRouter, endpoint: PublicHttpAction): void => {
  for (const method of ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const) {
    http.route({ path: "/mcp", method, handler: endpoint });
  }
  const wellKnown = httpActionGeneric(compose(originCheck())(notFound));
  http.route({ pathPrefix: "/.well-known/", method: "GET", handler: wellKnown });
};
