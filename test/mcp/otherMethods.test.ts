/**
 * Other methods than POST, and other paths than /mcp.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec RFC 9110 section 15.5.6
 */
import { describe, expect, test } from "vitest";
import { bearer, issueKey, newServer, rows, send } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const t = await newServer();
const { key, keyId } = await issueKey(t);
const viewer = await issueKey(t, { role: "viewer" });

const ORIGIN = "https://app.example.com";
process.env.TOOLGATE_ALLOWED_ORIGINS = ORIGIN;

const safe = { "cache-control": "no-store", "x-content-type-options": "nosniff", vary: "Origin" };

describe.each(["GET", "DELETE", "PUT", "PATCH", "HEAD"])("%s /mcp", (method) => {
  test("without a key: 401, which says how to send one", async () => {
    const { status, headers, text } = await send(t, { method });
    expect(status).toBe(401);
    expect(Object.fromEntries(headers)).toMatchObject({
      ...safe,
      "content-type": "application/json",
      "www-authenticate": 'Bearer realm="mcp"',
    });
    expect(headers.has("allow")).toBe(false);
    if (method !== "HEAD") expect(JSON.parse(text)).toMatchObject({ error: { code: 401 } });
  });

  test.each([
    ["junk", "Bearer nope"],
    ["a key with a wrong checksum", `Bearer ${key.slice(0, -1)}_`],
  ])("with %s: 401", async (_name, authorization) => {
    expect((await send(t, { method, headers: { authorization } })).status).toBe(401);
  });

  test.each([
    ["an admin's", key],
    ["a viewer's", viewer.key],
  ])("with %s key: 405, never 401", async (_name, good) => {
    const { status, headers, text } = await send(t, { method, headers: bearer(good) });
    expect(status).toBe(405);
    expect(Object.fromEntries(headers)).toMatchObject({
      ...safe,
      "content-type": "application/json",
      allow: "POST, OPTIONS",
    });
    expect(headers.has("www-authenticate")).toBe(false);
    expect(headers.has("mcp-session-id")).toBe(false);
    if (method !== "HEAD") {
      expect(JSON.parse(text)).toEqual({
        jsonrpc: "2.0",
        error: { code: 405, message: `Method ${method} is not allowed; use POST` },
      });
    }
  });

  test("whatever else a client sends with it: a session, a version, the last event, another body", async () => {
    const init = {
      method,
      headers: {
        ...bearer(key),
        accept: "text/event-stream",
        "mcp-session-id": "abc",
        "last-event-id": "7",
        "mcp-protocol-version": "v999.0.0",
        "content-type": "text/plain",
      },
      ...(method === "GET" || method === "HEAD" ? {} : { body: "{" }),
    };
    expect((await send(t, init)).status).toBe(405);
  });

  test("from a page that is not listed: 403, with a key and without", async () => {
    const origin = "https://evil.example";
    const replies = await Promise.all([
      send(t, { method, headers: { origin } }),
      send(t, { method, headers: { origin, ...bearer(key) } }),
    ]);
    for (const { status, headers } of replies) {
      expect(status).toBe(403);
      expect(headers.has("access-control-allow-origin")).toBe(false);
      expect(headers.get("vary")).toBe("Origin");
    }
  });

  test("from a listed page: CORS on the refusals too", async () => {
    const replies = await Promise.all([
      send(t, { method, headers: { origin: ORIGIN } }),
      send(t, { method, headers: { origin: ORIGIN, ...bearer(key) } }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([401, 405]);
    for (const { headers } of replies) {
      expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    }
  });
});

test("what a key tried is in the audit log", async () => {
  const methods = (await rows(t, "toolgateAudit"))
    .filter((row) => row.keyId === keyId && row.protocol !== "operator")
    .map(({ method }) => method);
  expect(new Set(methods)).toEqual(
    new Set(["http/GET", "http/DELETE", "http/PUT", "http/PATCH", "http/HEAD"]),
  );
});

describe("/.well-known/", () => {
  test.each([
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/",
    "/.well-known/a/b/c?d=e",
  ])("%s: 404 in JSON, with a key and without", async (path) => {
    for (const headers of [{}, bearer(key), bearer("nope"), { origin: ORIGIN }]) {
      const reply = await send(t, { headers }, path);
      expect(reply.status).toBe(404);
      expect(reply.json).toEqual({ jsonrpc: "2.0", error: { code: 404, message: "Not found" } });
      expect(Object.fromEntries(reply.headers)).toMatchObject(safe);
      expect(reply.headers.has("www-authenticate")).toBe(false);
    }
  });

  test("HEAD too", async () => {
    expect((await send(t, { method: "HEAD" }, "/.well-known/x")).status).toBe(404);
  });

  test("a page that is not listed: 403", async () => {
    const headers = { origin: "https://evil.example" };
    expect((await send(t, { headers }, "/.well-known/oauth-protected-resource")).status).toBe(403);
  });

  test("a listed page may read that there is nothing", async () => {
    const { headers } = await send(t, { headers: { origin: ORIGIN } }, "/.well-known/x");
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
  });

  test("writes nothing", async () => {
    const before = await rows(t, "toolgateAudit");
    await send(t, { headers: bearer(key) }, "/.well-known/oauth-protected-resource");
    expect(await rows(t, "toolgateAudit")).toEqual(before);
  });
});

describe("other paths", () => {
  test.each(["/", "/mcp/", "/mcp/x", "/MCP", "/mcpx", "/mcp%2F", "//mcp", "/sse", "/.well-knownx"])(
    "%s: 404",
    async (path) => {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        expect((await send(t, { method, headers: bearer(key) }, path)).status).toBe(404);
      }
    },
  );
});
