/** The routes of a deployment that serves MCP. */
import { httpActionGeneric, type HttpRouter, type PublicHttpAction } from "convex/server";
import { compose } from "../middleware/compose";
import { originCheck } from "../middleware/originCheck";
import { notFound } from "../wire/responses";

/**
 * Routes `/mcp` to the endpoint, and `/.well-known/` to an answer that there is nothing.
 *
 * Convex answers a method that is not routed with a plain 404, so every method is routed; HEAD comes as GET. Clients look for OAuth
 * metadata under `/.well-known/`, and some stumble over an answer that is not JSON. It needs no key, and heeds the same origins.
 *
 * @param endpoint - `httpAction(compose(...chain)(mcp(app)))`.
 */
export const registerRoutes = (http: HttpRouter, endpoint: PublicHttpAction): void => {
  for (const method of ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const) {
    http.route({ path: "/mcp", method, handler: endpoint });
  }
  const wellKnown = httpActionGeneric(compose(originCheck())(notFound));
  http.route({ pathPrefix: "/.well-known/", method: "GET", handler: wellKnown });
};
