/**
 * Refuses requests from web pages of unknown origin, and answers CORS for known ones. It has an HTTP half only.
 *
 * A browser always sends Origin on a cross-site POST. So a page cannot reach the endpoint unless its origin is listed, which stops
 * CSRF and DNS rebinding. Clients that are not browsers send no Origin and pass.
 *
 * @see MCP 2026-07-28 basic/transports/streamable-http, security warning; Fetch standard, CORS protocol
 */
import { empty, reject } from "../wire/responses";
import type { Middleware } from "./guard";

export interface OriginCheckOptions {
  /**
   * Comma-separated origins, such as `https://app.example.com`. Unless stated: the environment variable TOOLGATE_ALLOWED_ORIGINS.
   * Undefined means that no origin is listed.
   */
  readonly allowedOrigins?: () => string | undefined;
  /**
   * The URL at which the deployment answers HTTP actions. Unless stated: the environment variable CONVEX_SITE_URL. It is never taken
   * from the request.
   */
  readonly siteUrl?: () => string | undefined;
  /** What a preflight is told that the path answers, as in the header Allow. Unless stated: `POST, OPTIONS`. */
  readonly methods?: string;
}

const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "Accept",
  "Idempotency-Key",
  "MCP-Protocol-Version",
  "Mcp-Method",
  "Mcp-Name",
  "Mcp-Session-Id",
  "Last-Event-ID",
  // What tracing libraries add to every request of a page (W3C Trace Context and Baggage).
  "traceparent",
  "tracestate",
  "baggage",
];
const RESPONSE_HEADERS =
  "WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, Allow, Mcp-Session-Id";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The origin if `text` is exactly one serialised origin; else undefined. So a path, a list, upper case and `null` do not count. */
const exactOrigin = (text: string): string | undefined =>
  URL.canParse(text) && new URL(text).origin === text && text !== "null" ? text : undefined;

const originsOf = ({ allowedOrigins }: OriginCheckOptions): string | undefined =>
  allowedOrigins ? allowedOrigins() : process.env.TOOLGATE_ALLOWED_ORIGINS;

/** The URL of a deployment on this machine; undefined for any other deployment. */
const loopbackSite = ({ siteUrl: stated }: OriginCheckOptions): URL | undefined => {
  const siteUrl = stated ? stated() : process.env.CONVEX_SITE_URL;
  const url = siteUrl !== undefined && URL.canParse(siteUrl) ? new URL(siteUrl) : undefined;
  return url && LOOPBACK.includes(url.hostname) ? url : undefined;
};

const isAllowed = (origin: string, options: OriginCheckOptions): boolean => {
  if (exactOrigin(origin) === undefined) return false;
  const listed = (originsOf(options) ?? "").split(",").map((item) => item.trim());
  const site = loopbackSite(options);
  const own = site
    ? LOOPBACK.map((host) => new URL(`${site.protocol}//${host}:${site.port}`).origin)
    : [];
  return listed.includes(origin) || own.includes(origin);
};

/** On a local server, a foreign Host header means that a web page has rebound its DNS name to loopback. */
const isForeignHost = (request: Request, options: OriginCheckOptions): boolean => {
  const host = (request.headers.get("host") ?? "").toLowerCase().replace(/:\d{1,5}$/, "");
  return !LOOPBACK.includes(host) && loopbackSite(options) !== undefined;
};

/** Allows every header that may repeat an argument, at most 16. Only the tool knows which of them it needs: see mcp/call/fault.ts. */
const paramHeaders = (request: Request): string[] =>
  (request.headers.get("access-control-request-headers") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => /^mcp-param-[!#$%&'*+\-.^_`|~\w]{1,64}$/i.test(name))
    .slice(0, 16);

const preflight = (request: Request, methods: string): Response =>
  empty(204, {
    Allow: methods,
    "Access-Control-Allow-Methods": methods,
    "Access-Control-Allow-Headers": [...REQUEST_HEADERS, ...paramHeaders(request)].join(", "),
    "Access-Control-Max-Age": "600",
  });

const withCors = (response: Response, origin: string | null): Response => {
  response.headers.append("Vary", "Origin");
  if (origin !== null) {
    response.headers.set("Access-Control-Allow-Origin", origin);
    response.headers.set("Access-Control-Expose-Headers", RESPONSE_HEADERS);
  }
  return response;
};

/**
 * Checks Origin against an exact allow-list. A request without Origin passes. Any origin that is not listed is refused with 403,
 * `null` included. On a loopback deployment its own origins are allowed too, and the Host header must be loopback. OPTIONS is
 * answered here, with 204.
 *
 * Not checked: who the client is. `Access-Control-Allow-Credentials` is never sent, so cookies never count.
 */
export const originCheck =
  (options: OriginCheckOptions = {}): Middleware<object> =>
  async (_ctx, request, next) => {
    const origin = request.headers.get("origin");
    if (isForeignHost(request, options)) return withCors(reject(403, "Host not allowed"), null);
    if (origin !== null && !isAllowed(origin, options))
      return withCors(reject(403, "Origin not allowed"), null);
    const { methods = "POST, OPTIONS" } = options;
    return withCors(
      request.method === "OPTIONS" ? preflight(request, methods) : await next({}),
      origin,
    );
  };
