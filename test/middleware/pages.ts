/** Pages that ask the ERP, by their origins. */
import { beforeEach } from "vitest";
import { issueKey, newServer, SITE_URL } from "../support/gate";
import { ALLOWED } from "../wire/bad/transport";

export const t = await newServer();
export const { key } = await issueKey(t);

export const [ORIGIN = ""] = ALLOWED;

beforeEach(() => {
  process.env.TOOLGATE_LIMIT_SCALE = "1000";
  process.env.TOOLGATE_ALLOWED_ORIGINS = ALLOWED.join(",");
  process.env.CONVEX_SITE_URL = SITE_URL;
});

export const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

export const corsOf = (headers: Headers): string[] =>
  [...headers.keys()].filter((name) => name.startsWith("access-control-"));

/** The headers that a listed page may read. */
export const READABLE =
  "WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, Allow, Mcp-Session-Id";
