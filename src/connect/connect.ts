/** `connect(app)`: turns OAuth on for a deployment. */
import type { ActionCtx } from "../data/database";
import type { Handler, Middleware } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";
import { front } from "./front";
import { RESOURCE_PATH, resourceMetadata, SERVER_PATH, serverMetadata } from "./metadata";
import { prefixOf, type ConnectOptions } from "./options";
import { tellInJson } from "./problem";
import { endpointsOf } from "./endpoints";
import { serve, type Route } from "./serve";
import { showVisit, showVisitText } from "./views";

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
  /** The path under which its endpoints and pages lie, with a slash at its end. */
  readonly prefix: string;
  /** Answers the paths of OAuth, and has `otherwise` answer all others. `registerRoutes` puts it under `/.well-known/` and the prefix. */
  readonly around: (otherwise: Handler<ActionCtx>) => Handler<ActionCtx>;
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
  prefix: `${prefixOf(options)}/`,
  around: (otherwise) => serve(app, options, (path) => routeAt(options, path), otherwise),
});
