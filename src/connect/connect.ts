/** `connect(app)`: turns OAuth on for a deployment. */
import { httpActionGeneric, type HttpRouter, type RoutableMethod } from "convex/server";
import type { Middleware } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";
import { front } from "./front";
import { RESOURCE_PATH, resourceMetadata, SERVER_PATH, serverMetadata } from "./metadata";
import { prefixOf, type ConnectOptions } from "./options";
import { tellInJson } from "./problem";
import { endpointsOf } from "./endpoints";
import { serve, type Route } from "./serve";
import { showVisit, showVisitText } from "./views";

/** All that Convex can route. HEAD arrives as GET. */
const METHODS: readonly RoutableMethod[] = ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"];

/** The two documents, each at the root and for the path of the endpoint. */
const DOCUMENT_PATHS = [RESOURCE_PATH, `${RESOURCE_PATH}/mcp`, SERVER_PATH, `${SERVER_PATH}/mcp`];

/** Finds what a path answers. Only a request of OAuth asks, so that calls of tools do not pay for the endpoints. */
const routeAt = (options: ConnectOptions, path: string): Route | undefined => {
  if (!DOCUMENT_PATHS.includes(path)) return endpointsOf(options).get(path);
  const GET = path.startsWith(RESOURCE_PATH) ? resourceMetadata : serverMetadata;
  return { GET, isOpen: true, tell: tellInJson };
};

/** OAuth for one app. */
export interface Connect {
  /** Stands outermost in the chain of `/mcp`: `compose(oauth.front, ...chain)(mcp(app))`. */
  readonly front: Middleware<object>;
  /** Routes the metadata under `/.well-known/` and all endpoints under the prefix. */
  readonly register: (http: HttpRouter) => void;
}

/**
 * OAuth 2.1 for the agents of an app: discovery, registration, consent, tokens, revocation. It asks Convex for nothing until somebody
 * proves something: whatever is forged costs no call.
 *
 * @param app - the result of `defineToolgate`. Its folder of glue must have `connect.ts`.
 * @see MCP 2026-07-28 basic/authorization; RFC 6749, 7009, 7591, 7636, 8252, 8414, 8628, 8707, 9207, 9728
 */
export const connect = (app: Toolgate, options: ConnectOptions = {}): Connect => ({
  front: front({
    page: (origin) => showVisit({ app, options }, origin),
    text: (origin) => showVisitText({ app, options }, origin),
  }),
  register: (http) => {
    const prefix = prefixOf(options);
    const handler = httpActionGeneric(serve(app, options, (path) => routeAt(options, path)));
    for (const method of METHODS) {
      for (const path of DOCUMENT_PATHS) http.route({ path, method, handler });
      http.route({ pathPrefix: `${prefix}/`, method, handler });
    }
  },
});
