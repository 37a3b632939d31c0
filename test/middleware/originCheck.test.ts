/**
 * CORS: what pages are told before they ask, and that nothing tells others anything.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec Fetch standard, CORS protocol
 */
import { describe, expect, test } from "vitest";
import { bearer, rpc, send } from "../support/gate";
import { ALLOWED, hostileOrigins } from "../wire/bad/transport";
import { corsOf, key, ORIGIN, ping, READABLE, t } from "./pages";

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

describe("no page", () => {
  test("an absent Origin passes, and no origin is named", async () => {
    const { status, headers } = await rpc(t, key, "ping");
    expect(status).toBe(200);
    expect(corsOf(headers)).toEqual([]);
    expect(headers.get("vary")).toBe("Origin");
  });
});
