/**
 * CORS: a listed page may read every answer, whatever its status.
 *
 * @spec Fetch standard, CORS protocol
 */
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import { compose } from "../../src/middleware/compose";
import { originCheck } from "../../src/middleware/originCheck";
import { json } from "../../src/wire/responses";
import { bearer, issueKey, post, send, SITE_URL } from "../support/gate";
import { fetchCall } from "../support/speak";
import { key, ORIGIN, ping, READABLE, t } from "./pages";

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
