/**
 * The server of the console: a page, and the few requests that the page makes. It is for a browser on this machine. The empty page is
 * for everybody on this machine; all data needs the token of this start.
 */
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { NONCE, secureHeaders, type SecureHeadersVariables } from "hono/secure-headers";
import { Refusal } from "../serve/refusal";
import { answerRun, refuse, reply } from "../serve/runRoute";
import type { Answer } from "../serve/listen";
import { isAllowed } from "./allowed";
import { onlyOwnPage, onlyThisMachine, onlyWithToken, type Env } from "./guard";
import type { Operated } from "./operated";
import { passOn } from "./passOn";
import { PAGE_FOLDER, readShell } from "./shell";

/** The path of the page. All else of the console lies under it. */
export const CONSOLE_PATH = "/console";

/** The address of the page. The part after # stays in the browser: no server and no log sees it. */
export const pageUrl = (origin: string, token: string): string =>
  `${origin}${CONSOLE_PATH}#t=${token}`;

/** The largest message of the playground, in bytes, which is what an endpoint takes. */
const MAX_MESSAGE = 1024 * 1024;

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", NONCE],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // There is no TLS on loopback.
  strictTransportSecurity: false,
});

/** Each file has its own hash in its name. */
const kept: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.ok) c.header("Cache-Control", "public, max-age=31536000, immutable");
};

const notFound = () => refuse(404, "not_found", "Not found");

/** The page and its files, for whoever asks on this machine. */
const page = () => {
  const app = new Hono<Env & { Variables: SecureHeadersVariables }>();
  app.get("/", async (c) => {
    const shell = await readShell(c.get("secureHeadersNonce") ?? "");
    if (shell === undefined) return refuse(503, "not_built", "Run `npm run build` first");
    c.header("Cache-Control", "no-store");
    return c.html(shell);
  });
  const rewriteRequestPath = (url: string) => url.slice(CONSOLE_PATH.length);
  app.get("/assets/*", kept, serveStatic({ root: PAGE_FOLDER, rewriteRequestPath }), notFound);
  return app;
};

/** What the page asks for. */
const data = ({ about, run }: Operated, token: string) => {
  const app = new Hono<Env>();
  app.use(onlyOwnPage, onlyWithToken(token));
  app.get("/about", () => reply(about));
  app.post("/run", ({ req }) =>
    answerRun(req.raw, (name, args) => {
      if (!isAllowed(name)) throw new Refusal("not_allowed", "The console does not run that");
      return run(name, args);
    }),
  );
  const onError = () => refuse(413, "too_large", "The message is larger than 1 MiB");
  app.post("/mcp", bodyLimit({ maxSize: MAX_MESSAGE, onError }), passOn(about.mcpUrl));
  return app;
};

/**
 * Makes the function that answers all requests at `/console` and below.
 *
 * @param token - of this start.
 */
export const consoleApp = (operated: Operated, token: string): Answer => {
  const app = new Hono<Env>();
  app.use(onlyThisMachine, headers);
  app.route(CONSOLE_PATH, page());
  app.route(CONSOLE_PATH, data(operated, token));
  app.notFound(notFound);
  return async (request, peer) => app.fetch(request, peer);
};
