/**
 * Other methods than POST, and other paths than /mcp, on a deployment without OAuth. test/connect/discovery.test.ts has one with it.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec RFC 9110 section 15.5.6
 */
import { describe, expect, test } from "vitest";
import { newApp } from "../support/app";
import { bearer, issueKey, jsonHeaders, newServer, rows, send } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const t = await newServer({ t: newApp({}) });
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

describe("/mcp/", () => {
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

  test.each(["POST", "GET", "HEAD", "DELETE", "PUT", "PATCH", "OPTIONS"])(
    "%s is answered as at /mcp: a key, none, a page that is not listed",
    async (method) => {
      const body = method === "POST" ? { body: JSON.stringify(ping) } : {};
      for (const headers of [
        bearer(key),
        {},
        { origin: ORIGIN },
        { origin: "https://x.example" },
      ]) {
        const init = { method, headers: { ...jsonHeaders, ...headers }, ...body };
        const [there, here] = [await send(t, init), await send(t, init, "/mcp/")];
        expect([here.status, here.text]).toEqual([there.status, there.text]);
        expect([...here.headers.keys()]).toEqual([...there.headers.keys()]);
        if (method === "POST" && "authorization" in headers) expect(here.json.result).toEqual({});
      }
    },
  );
});

describe("paths with nothing there", () => {
  const nothing = [
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/",
    "/.well-known/a/b/c?d=e",
    "/mcp/x",
    "/mcp//",
    "/mcp/.well-known/openid-configuration",
  ];

  test.each(nothing)("%s: 404 in JSON, with a key and without, by any method", async (path) => {
    for (const method of ["GET", "POST", "DELETE", "PUT", "PATCH"]) {
      for (const headers of [{}, bearer(key), bearer("nope"), { origin: ORIGIN }]) {
        const reply = await send(t, { method, headers }, path);
        expect(reply.status).toBe(404);
        expect(reply.json).toEqual({ jsonrpc: "2.0", error: { code: 404, message: "Not found" } });
        expect(Object.fromEntries(reply.headers)).toMatchObject(safe);
        expect(reply.headers.has("www-authenticate")).toBe(false);
      }
    }
  });

  test.each(nothing)(
    "%s: a listed page's preflight passes, and it may read the 404",
    async (path) => {
      const asked = {
        origin: ORIGIN,
        "access-control-request-method": "GET",
        "access-control-request-headers": "mcp-protocol-version",
      };
      const preflight = await send(t, { method: "OPTIONS", headers: asked }, path);
      expect([preflight.status, preflight.text]).toEqual([204, ""]);
      expect(Object.fromEntries(preflight.headers)).toMatchObject({
        ...safe,
        allow: "GET, OPTIONS",
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "GET, OPTIONS",
      });
      expect(preflight.headers.get("access-control-allow-headers")).toContain(
        "MCP-Protocol-Version",
      );
      const { headers } = await send(t, { headers: { origin: ORIGIN } }, path);
      expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    },
  );

  test("HEAD too", async () => {
    expect((await send(t, { method: "HEAD" }, "/.well-known/x")).status).toBe(404);
  });

  test.each(["GET", "POST", "OPTIONS"])(
    "%s from a page that is not listed: 403",
    async (method) => {
      const headers = { origin: "https://evil.example" };
      const reply = await send(t, { method, headers }, "/.well-known/oauth-protected-resource");
      expect(reply.status).toBe(403);
      expect(reply.headers.has("access-control-allow-origin")).toBe(false);
    },
  );

  test("writes nothing", async () => {
    const before = await rows(t, "toolgateAudit");
    await send(t, { headers: bearer(key) }, "/.well-known/oauth-protected-resource");
    expect(await rows(t, "toolgateAudit")).toEqual(before);
  });
});

describe("other paths", () => {
  test.each(["/", "/MCP", "/mcpx", "/mcp%2F", "//mcp", "/sse", "/.well-knownx"])(
    "%s: 404",
    async (path) => {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        expect((await send(t, { method, headers: bearer(key) }, path)).status).toBe(404);
      }
    },
  );
});
