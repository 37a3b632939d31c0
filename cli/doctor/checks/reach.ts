/** The check `reach`: the URL must lead to an MCP endpoint. */
import { isLoopbackHeader } from "../../loopback";
import { describe } from "../answer";
import type { Reply } from "../ask";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, warn, type Finding } from "../finding";

const FORBIDDEN =
  "Host not allowed: set CONVEX_SITE_ORIGIN to the public URL. Else a firewall refuses what is no browser.";

const otherUrl = (url: URL, change: { host?: string; path?: string }): string =>
  `${url.protocol}//${change.host ?? url.host}${change.path ?? url.pathname}`;

/** Finds a wrong URL without a request. */
const misdirected = (url: URL): Finding | undefined => {
  if (!url.hostname.endsWith(".convex.cloud")) return undefined;
  const host = url.host.replace(/\.convex\.cloud/, ".convex.site");
  const todo = `HTTP actions answer elsewhere: ${otherUrl(url, { host, path: "/mcp" })}`;
  return fail("a .convex.cloud URL, where Convex's own clients connect", todo);
};

const nothingThere = (url: URL): string =>
  ["/mcp", "/mcp/"].includes(url.pathname)
    ? "Is it deployed (`npx convex deploy`), and the name of the deployment right?"
    : `The endpoint is at /mcp: ${otherUrl(url, { path: "/mcp" })}`;

const astray = (url: URL, reply: Reply): Finding | undefined => {
  const { status, headers } = reply;
  const seen = describe(reply);
  if (status === 404) return fail(seen, nothingThere(url));
  if (status === 403) return fail(seen, FORBIDDEN);
  if (status >= 500) return fail(seen, "Look into the log of the deployment, or of the proxy.");
  if (status < 300 || status >= 400) return undefined;
  const location = headers.get("location") ?? "nowhere";
  return fail(`HTTP ${status}, to ${location}`, "Use the URL it leads to; clients do not follow.");
};

const run = async ({ target: { url }, toStranger }: Deployment): Promise<Finding> => {
  const reply = misdirected(url) ?? (await toStranger());
  if ("seen" in reply) return reply;
  const seen = `HTTP ${reply.status} after ${Math.round(reply.ms)} ms`;
  const isSafe = url.protocol === "https:" || isLoopbackHeader(url.host);
  const good = isSafe
    ? ok(seen)
    : warn(`${seen}, without TLS`, "The key can be read on the way: use https://.");
  return astray(url, reply) ?? good;
};

/** Looks up the name, connects, and asks without a key. If this fails, no other check runs. */
export const reach: Check = { name: "reach", run };
