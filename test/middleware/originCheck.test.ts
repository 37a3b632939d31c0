/**
 * CORS: what listed pages may read, and that nothing tells others anything.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec Fetch standard, CORS protocol
 */
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { compose } from "../../src/middleware/compose";
import { originCheck } from "../../src/middleware/originCheck";
import { json } from "../../src/wire/responses";
import { bearer, issueKey, newServer, post, rpc, send, SITE_URL } from "../support/gate";
import { ALLOWED, hostileOrigins } from "../wire/bad/transport";
import { fetchCall } from "../support/speak";

const t = await newServer();
const { key } = await issueKey(t);

const [ORIGIN = ""] = ALLOWED;

beforeEach(() => {
  process.env.TOOLGATE_LIMIT_SCALE = "1000";
  process.env.TOOLGATE_ALLOWED_ORIGINS = ALLOWED.join(",");
  process.env.CONVEX_SITE_URL = SITE_URL;
});

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

const preflight = (origin: string, headers: Record<string, string> = {}) =>
  send(t, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
      ...headers,
    },
  });

const corsOf = (headers: Headers): string[] =>
  [...headers.keys()].filter((name) => name.startsWith("access-control-"));

const READABLE =
  "WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, Allow, Mcp-Session-Id";

describe("preflight", () => {
  test.each(ALLOWED)(
    "from %s: 204 without a key, the same lists whatever is asked",
    async (origin) => {
      const replies = await Promise.all([
        preflight(origin),
        preflight(origin, {
          "access-control-request-method": "DELETE",
          "access-control-request-headers": "x-evil",
          "access-control-request-private-network": "true",
        }),
        preflight(origin, bearer("nope")),
        preflight(origin, bearer(key)),
      ]);
      for (const { status, headers, text } of replies) {
        expect([status, text]).toEqual([204, ""]);
        expect(Object.fromEntries(headers)).toEqual({
          allow: "POST, OPTIONS",
          "access-control-allow-origin": origin,
          "access-control-allow-methods": "POST, OPTIONS",
          "access-control-allow-headers":
            "Authorization, Content-Type, Accept, Idempotency-Key, MCP-Protocol-Version, Mcp-Method, Mcp-Name, " +
            "Mcp-Session-Id, Last-Event-ID, traceparent, tracestate, baggage",
          "access-control-expose-headers": READABLE,
          "access-control-max-age": "600",
          "cache-control": "no-store",
          vary: "Origin",
          "x-content-type-options": "nosniff",
        });
      }
    },
  );

  test("every header that 2026-07-28 requires may be sent", async () => {
    const { headers } = await preflight(ORIGIN);
    const allowed = headers.get("access-control-allow-headers")!.toLowerCase().split(", ");
    for (const name of ["mcp-protocol-version", "mcp-method", "mcp-name", "authorization"]) {
      expect(allowed).toContain(name);
    }
  });

  test("OPTIONS from no page: 204, and no origin is named", async () => {
    const { status, headers } = await send(t, { method: "OPTIONS" });
    expect(status).toBe(204);
    expect(headers.has("access-control-allow-origin")).toBe(false);
    expect(headers.get("vary")).toBe("Origin");
  });
});

describe("hostile origins", () => {
  test.each(["POST", "OPTIONS", "GET", "DELETE"])(
    "%s: 403, and nothing is reflected",
    async (method) => {
      for (const origin of hostileOrigins) {
        const {
          status,
          headers,
          text,
          json: body,
        } = await send(t, {
          method,
          headers: { origin, "content-type": "application/json", ...bearer(key) },
          ...(method === "POST" ? { body: JSON.stringify(ping) } : {}),
        });
        expect([origin, status, corsOf(headers)]).toEqual([origin, 403, []]);
        expect(headers.get("vary")).toBe("Origin");
        expect(body).toEqual({
          jsonrpc: "2.0",
          error: { code: 403, message: "Origin not allowed" },
        });
        expect(text).not.toContain("example");
      }
    },
  );
});

describe("a listed page may read every answer", () => {
  const from = { origin: ORIGIN };

  const expectReadable = (headers: Headers) => {
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(headers.get("access-control-expose-headers")).toBe(READABLE);
    expect(headers.has("access-control-allow-credentials")).toBe(false);
    expect(headers.get("vary")).toBe("Origin");
  };

  test.each([
    ["200", 200, () => post(t, key, ping, from)],
    ["202", 202, () => post(t, key, { jsonrpc: "2.0", method: "notifications/initialized" }, from)],
    ["400, no JSON", 400, () => post(t, key, "{", from)],
    ["400, no request", 400, () => post(t, key, "1", from)],
    ["401, no key", 401, () => post(t, undefined, ping, from)],
    ["401, junk", 401, () => post(t, "nope", ping, from)],
    [
      "404, modern",
      404,
      () =>
        post(
          t,
          key,
          {
            ...ping,
            params: {
              _meta: {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
              },
            },
          },
          { ...from, "mcp-protocol-version": "2026-07-28", "mcp-method": "ping" },
        ),
    ],
    ["405", 405, () => send(t, { method: "GET", headers: { ...from, ...bearer(key) } })],
    ["406", 406, () => post(t, key, ping, { ...from, accept: "text/html" })],
    ["413", 413, () => post(t, key, " ".repeat(1024 * 1024 + 1), from)],
    ["415", 415, () => post(t, key, ping, { ...from, "content-type": "text/plain" })],
  ] as const)("%s", async (_name, expected, ask) => {
    const { status, headers } = await ask();
    expect(status).toBe(expected);
    expectReadable(headers);
  });

  test("429", async () => {
    const busy = await issueKey(t);
    process.env.TOOLGATE_LIMIT_SCALE = "0.1";
    let reply = await post(t, busy.key, ping, from);
    for (let i = 0; i < 120 && reply.status === 200; i++)
      reply = await post(t, busy.key, ping, from);
    expect(reply.status).toBe(429);
    expect(reply.json).toMatchObject({ id: 1, error: { code: 429 } });
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
    expectReadable(reply.headers);
  });

  test("503, when the deployment has no pepper", async () => {
    vi.stubEnv("TOOLGATE_PEPPERS", "");
    const { status, headers, text } = await post(t, key, ping, from);
    vi.unstubAllEnvs();
    expect(status).toBe(503);
    expect(text).toContain("TOOLGATE_PEPPERS");
    expectReadable(headers);
  });

  test("an event stream", async () => {
    const call = { name: "customers_search", arguments: {}, _meta: { progressToken: 1 } };
    const response = await fetchCall(t, key, call, { headers: from });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expectReadable(response.headers);
    await response.text();
  });

  test("500, when a middleware throws", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const endpoint = compose(
      originCheck({ allowedOrigins: () => ORIGIN, siteUrl: () => SITE_URL }),
      async () => {
        throw new Error("boom");
      },
    )(async () => json("{}"));
    const { status, headers } = await endpoint(
      {} as GenericActionCtx<GenericDataModel>,
      new Request(`${SITE_URL}/mcp`, { method: "POST", headers: from }),
    );
    vi.restoreAllMocks();
    expect(status).toBe(500);
    expectReadable(headers);
  });
});

describe("no page", () => {
  test("an absent Origin passes, and no origin is named", async () => {
    const { status, headers } = await rpc(t, key, "ping");
    expect(status).toBe(200);
    expect(corsOf(headers)).toEqual([]);
    expect(headers.get("vary")).toBe("Origin");
  });
});

describe("the list", () => {
  const statusFrom = async (origin: string, headers: Record<string, string> = {}) =>
    (await post(t, key, ping, { origin, ...headers })).status;

  test.each([undefined, "", " ", ",", ",,"])("%j allows no page", async (list) => {
    if (list === undefined) delete process.env.TOOLGATE_ALLOWED_ORIGINS;
    else process.env.TOOLGATE_ALLOWED_ORIGINS = list;
    expect(await statusFrom(ORIGIN)).toBe(403);
    expect(await statusFrom("")).toBe(403);
    expect(await statusFrom(SITE_URL)).toBe(403);
  });

  test.each(["*", "null", "https://*", "https://*.example.com", "*.example.com", "example.com"])(
    "%s in it is no wildcard",
    async (item) => {
      process.env.TOOLGATE_ALLOWED_ORIGINS = `${item}, https://other.example`;
      expect(await statusFrom(ORIGIN)).toBe(403);
      expect(await statusFrom("null")).toBe(403);
      expect(await statusFrom("https://other.example")).toBe(200);
    },
  );

  test.each(["https://a.example/", "https://A.example", "https://a.example:443", "null"])(
    "%s in it is no origin that a browser sends, and matches nothing",
    async (item) => {
      process.env.TOOLGATE_ALLOWED_ORIGINS = item;
      expect(await statusFrom(item)).toBe(403);
      expect(await statusFrom("https://a.example")).toBe(403);
    },
  );

  test("blanks around its items do not count", async () => {
    process.env.TOOLGATE_ALLOWED_ORIGINS = ` https://a.example ,\thttps://b.example\n`;
    expect(await statusFrom("https://a.example")).toBe(200);
    expect(await statusFrom("https://b.example")).toBe(200);
  });

  test("a loopback site allows its own origins, on its own port", async () => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
    const host = "localhost:3211";
    for (const origin of ["http://localhost:3211", "http://127.0.0.1:3211", "http://[::1]:3211"]) {
      expect(await statusFrom(origin, { host })).toBe(200);
      expect(await statusFrom(origin, { host: "evil.example" })).toBe(403);
    }
    for (const origin of [
      "http://localhost:3210",
      "http://localhost",
      "https://localhost:3211",
      "http://evil.example:3211",
      "http://127.0.0.2:3211",
      "null",
    ]) {
      expect(await statusFrom(origin, { host })).toBe(403);
    }
    expect(await statusFrom(ORIGIN, { host })).toBe(200);
  });

  test("a site on port 80 has origins without a port", async () => {
    process.env.CONVEX_SITE_URL = "http://localhost";
    expect(await statusFrom("http://localhost", { host: "localhost" })).toBe(200);
  });

  test("a public site does not allow loopback pages", async () => {
    for (const origin of ["http://localhost:3211", "http://127.0.0.1:3211", "http://localhost"]) {
      expect(await statusFrom(origin)).toBe(403);
    }
  });

  test("a foreign Host is told so, without CORS", async () => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
    const {
      status,
      headers,
      json: body,
    } = await post(t, key, ping, {
      host: "evil.example:3211",
      origin: ORIGIN,
    });
    expect(status).toBe(403);
    expect(corsOf(headers)).toEqual([]);
    expect(body.error).toEqual({ code: 403, message: "Host not allowed" });
  });
});
