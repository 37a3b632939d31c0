/** What anyone may read without a key: cards for directories, and proofs of who owns this host. Nothing here asks Convex. */
import { siteOrigin } from "../../auth/site";
import { digest } from "../../base/digest";
import type { ActionCtx } from "../../data/database";
import type { Handler } from "../../middleware/guard";
import type { Toolgate } from "../../registry/toolgate";
import { empty, reject, safeHeaders } from "../../wire/responses";
import { FAVICON, favicon } from "./favicon";
import { CARD_TYPE, catalog, serverCard, type Listed } from "./serverCard";

interface Document {
  readonly type: string;
  readonly text: string;
  /** Whether it stays as it is until the next deploy. */
  readonly isLasting: boolean;
}

/** Path → the variable of the environment whose value proves to a directory who owns this host. */
const PROOFS: Readonly<Record<string, string>> = {
  "/.well-known/openai-apps-challenge": "TOOLGATE_OPENAI_CHALLENGE",
  "/.well-known/mcp-registry-auth": "TOOLGATE_REGISTRY_AUTH",
};

/** Path → its media type and what it describes. The draft of server cards moved the catalog; some readers guess where the card is. */
const CARDS: Readonly<Record<string, readonly [type: string, of: (listed: Listed) => object]>> = {
  "/mcp/server-card": [CARD_TYPE, serverCard],
  "/.well-known/mcp/server-card.json": [CARD_TYPE, serverCard],
  "/.well-known/ai-catalog.json": ["application/ai-catalog+json", catalog],
  "/.well-known/mcp/catalog.json": ["application/json", catalog],
};

const proofAt = (path: string): Document | undefined => {
  const variable = Object.hasOwn(PROOFS, path) ? PROOFS[path] : undefined;
  const text = variable === undefined ? "" : (process.env[variable] ?? "").trim();
  return text === "" ? undefined : { type: "text/plain; charset=utf-8", text, isLasting: false };
};

const cardAt = (path: string, app: Toolgate, hasOAuth: boolean): Document | undefined => {
  const [type, of] = (Object.hasOwn(CARDS, path) ? CARDS[path] : undefined) ?? [];
  const origin = of && siteOrigin();
  if (origin === undefined || of === undefined || type === undefined) return undefined;
  return { type, text: JSON.stringify(of({ app, origin, hasOAuth })), isLasting: true };
};

/** Any web page may read these: they hold nothing that others could not read. */
const openHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET",
  "Access-Control-Allow-Headers": "Content-Type, If-None-Match, MCP-Protocol-Version",
  "Access-Control-Expose-Headers": "ETag",
};

const ALLOW = { Allow: "GET, HEAD, OPTIONS" };

const isKnown = (headers: Headers, tag: string): boolean =>
  (headers.get("if-none-match") ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === tag || one === "*");

const answer = async (
  { method, headers }: Request,
  { type, text, isLasting }: Document,
): Promise<Response> => {
  if (method === "OPTIONS") return empty(204, { ...ALLOW, ...openHeaders });
  if (method !== "GET" && method !== "HEAD")
    return reject(405, `Method ${method} is not allowed; use GET`, { ...ALLOW, ...openHeaders });
  const tag = `"${(await digest(text)).slice(0, 32)}"`;
  const told = {
    ...safeHeaders,
    ...openHeaders,
    ...(isLasting ? { "Cache-Control": "public, max-age=3600" } : {}),
    ETag: tag,
  };
  if (isKnown(headers, tag)) return new Response(null, { status: 304, headers: told });
  const body = method === "HEAD" ? null : text;
  return new Response(body, { headers: { ...told, "Content-Type": type } });
};

/**
 * Answers the paths of these documents and of the icon, and has `otherwise` answer all others. A document that there is not, such as a proof whose
 * variable is not set, is such a path.
 *
 * @see docs/directories.md
 */
export const aroundDocuments =
  (app: Toolgate, hasOAuth: boolean, otherwise: Handler<ActionCtx>): Handler<ActionCtx> =>
  (ctx, request) => {
    const { pathname } = new URL(request.url);
    const icon = pathname === FAVICON ? favicon(app) : undefined;
    if (icon !== undefined) return Promise.resolve(icon);
    const document = proofAt(pathname) ?? cardAt(pathname, app, hasOAuth);
    return document === undefined ? otherwise(ctx, request) : answer(request, document);
  };
