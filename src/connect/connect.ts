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
const documentAt = (path: string): Route["GET"] => {
  const root = path.replace(/\/mcp$/, "");
  if (root === RESOURCE_PATH) return resourceMetadata;
  return root === SERVER_PATH ? serverMetadata : undefined;
};

/** Finds what a path answers. Only a request of OAuth asks, so that calls of tools do not pay for the endpoints. */
const routeAt = (options: ConnectOptions, path: string): Route | undefined => {
  const GET = documentAt(path);
  return GET ? { GET, isOpen: true, tell: tellInJson } : endpointsOf(options).get(path);
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
 * @throws Error for a prefix that does not begin with a slash.
 * @see MCP 2026-07-28 basic/authorization; RFC 6749, 7009, 7591, 7636, 8252, 8414, 8628, 8707, 9207, 9728
 */
export const connect = (app: Toolgate, options: ConnectOptions = {}): Connect => {
  const prefix = prefixOf(options);
  if (!prefix.startsWith("/"))
    throw new Error(`connect: prefix begins with a slash, not ${prefix}`);
  return {
    front: front({
      page: (origin) => showVisit({ app, options }, origin),
      text: (origin) => showVisitText({ app, options }, origin),
    }),
    prefix: `${prefix}/`,
    around: (otherwise) => serve(app, options, (path) => routeAt(options, path), otherwise),
  };
};
