/** From the URL of the endpoint to the endpoints of OAuth: challenges, metadata, and what people see at that URL. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { counting, newApp } from "../support/app";
import { bearer, issueKey, jsonHeaders, newServer, send, SITE_URL } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
const off = await newServer({ t: newApp({}) });
const withDevice = newApp({ connect: { device: true, prefix: "/connect" } });
const { key } = await issueKey(t);

beforeEach(() => {
  calls.length = 0;
});

const RESOURCE = "/.well-known/oauth-protected-resource";
const SERVER = "/.well-known/oauth-authorization-server";
const documents = [RESOURCE, `${RESOURCE}/mcp`, SERVER, `${SERVER}/mcp`];
const read = async (backend: typeof t, path: string) =>
  JSON.parse((await send(backend, {}, path)).text) as Record<string, unknown>;

describe("the documents", () => {
  test.each([RESOURCE, `${RESOURCE}/mcp`])("%s leads to the issuer", async (path) => {
    expect(await read(t, path)).toEqual({
      resource: `${SITE_URL}/mcp`,
      authorization_servers: [SITE_URL],
      bearer_methods_supported: ["header"],
      resource_name: expect.any(String) as string,
    });
  });

  test.each([SERVER, `${SERVER}/mcp`])("%s has all that clients look for", async (path) => {
    expect(await read(t, path)).toEqual({
      issuer: SITE_URL,
      authorization_endpoint: `${SITE_URL}/oauth/authorize`,
      token_endpoint: `${SITE_URL}/oauth/token`,
      registration_endpoint: `${SITE_URL}/oauth/register`,
      revocation_endpoint: `${SITE_URL}/oauth/revoke`,
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      revocation_endpoint_auth_methods_supported: ["none"],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ["mcp:read", "mcp:write", "offline_access"],
    });
  });

  test("the device flow is told only where it is on, and the prefix can be another", async () => {
    expect(await read(withDevice, SERVER)).toMatchObject({
      token_endpoint: `${SITE_URL}/connect/token`,
      device_authorization_endpoint: `${SITE_URL}/connect/device_authorization`,
      grant_types_supported: expect.arrayContaining([
        "urn:ietf:params:oauth:grant-type:device_code",
      ]) as unknown,
    });
  });

  test("TOOLGATE_URL names the issuer, and no header of a request does", async () => {
    vi.stubEnv("TOOLGATE_URL", "https://mcp.example.com/x");
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
    for (const path of documents) {
      const { text } = await send(t, { headers }, path);
      expect(text).toContain("https://mcp.example.com");
      expect(text).not.toMatch(/evil|some\.convex/);
    }
    vi.unstubAllEnvs();
  });

  test.each(["mcp.example.com", "mcp.example.com:8443", "localhost:3211"])(
    "a TOOLGATE_URL of %s, without https://, is told as the fault",
    async (url) => {
      vi.stubEnv("TOOLGATE_URL", url);
      for (const path of documents) {
        const { status, text } = await send(t, {}, path);
        expect([status, text]).toEqual([503, expect.stringContaining("TOOLGATE_URL must be")]);
      }
      vi.unstubAllEnvs();
    },
  );

  test.each(documents)("%s: any page may read it, by GET and HEAD only", async (path) => {
    const headers = { origin: "https://page.example" };
    const got = await send(t, { headers }, path);
    expect(got.status).toBe(200);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    });
    expect(got.headers.has("access-control-allow-credentials")).toBe(false);
    const preflight = await send(t, { method: "OPTIONS", headers }, path);
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "*",
    ]);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("MCP-Protocol-Version");
    const head = await t.fetch(path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const refused = await send(t, { method }, path);
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
    expect(calls).toEqual([]);
  });

  test.each(["/.well-known/openid-configuration", `${RESOURCE}/other`, `${SERVER}/mcp/x`])(
    "%s stays a 404 in JSON",
    async (path) => {
      const { status, headers } = await send(t, {}, path);
      expect([status, headers.get("content-type")]).toEqual([404, "application/json"]);
    },
  );

  test("without OAuth there are none, and no endpoint", async () => {
    for (const path of documents) expect((await send(off, {}, path)).status).toBe(404);
    const { headers } = await send(off, { method: "POST" });
    expect(headers.get("www-authenticate")).toBe('Bearer realm="mcp"');
    expect((await off.fetch("/oauth/token", { method: "POST" })).status).toBe(404);
  });

  test("without a site there is a 503 that says so", async () => {
    vi.stubEnv("CONVEX_SITE_URL", "");
    expect((await send(t, {}, RESOURCE)).status).toBe(503);
    vi.unstubAllEnvs();
  });
});

describe("a 401 of the endpoint leads to the first document", () => {
  const METADATA = `resource_metadata="${SITE_URL}${RESOURCE}/mcp"`;
  const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
  const dead = "cvxmcp_at_" + "a".repeat(16) + "." + "b".repeat(43);

  test.each([
    ["no key", {}, `Bearer realm="mcp", ${METADATA}`],
    ["junk", bearer("nope"), `Bearer realm="mcp", error="invalid_token", ${METADATA}`],
    ["a forged token", bearer(dead), `Bearer realm="mcp", error="invalid_token", ${METADATA}`],
  ])("%s", async (_what, headers, challenge) => {
    for (const method of ["POST", "GET", "DELETE"]) {
      const body = method === "POST" ? { body: ping } : {};
      const all = { ...jsonHeaders, ...headers };
      const reply = await send(t, { method, headers: all, ...body });
      expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, challenge]);
    }
    expect(calls).toEqual([]);
  });

  test("a key that was revoked, which the database half finds", async () => {
    const other = await issueKey(t);
    await t.run(async ({ db }) => {
      const rows = await db.query("toolgateKeys").collect();
      const row = rows.find(({ keyId }) => keyId === other.keyId)!;
      await db.patch(row._id, { revokedAt: Date.now() });
    });
    const { status, headers } = await send(t, {
      ...{ method: "POST", headers: { ...jsonHeaders, ...bearer(other.key) }, body: ping },
    });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain(METADATA);
  });

  test("a good reply has nothing of it", async () => {
    const headers = { ...jsonHeaders, ...bearer(key) };
    const reply = await send(t, { method: "POST", headers, body: ping });
    expect([reply.status, reply.headers.has("www-authenticate")]).toEqual([200, false]);
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });
});

describe("GET /mcp in a browser", () => {
  const CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

  test.each([
    [CHROME, "text/html"],
    ["text/html", "text/html"],
    ["text/plain", "text/markdown"],
    ["text/markdown, text/plain;q=0.5, */*;q=0.1", "text/markdown"],
  ])("Accept: %s gets %s", async (accept, type) => {
    const { status, headers, text } = await send(t, { headers: { accept } });
    expect([status, headers.get("content-type")]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers.get("vary")).toContain("Accept");
    expect(text).toContain(`${SITE_URL}/mcp`);
    const head = await send(t, { method: "HEAD", headers: { accept } });
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(calls).toEqual([]);
  });

  test.each([
    ["no Accept", {}, 401],
    ["anything", { accept: "*/*" }, 401],
    ["JSON", { accept: "application/json" }, 401],
    ["JSON before HTML", { accept: "application/json, text/html" }, 401],
    ["a stream", { accept: "text/event-stream" }, 401],
    ["a client of MCP", { accept: "application/json, text/event-stream, text/html" }, 401],
    ["HTML with the quality 0", { accept: "text/html;q=0, */*" }, 401],
    ["any text", { accept: "text/*" }, 401],
    ["another page", { accept: CHROME, origin: "https://evil.example" }, 403],
    ["a key", { accept: CHROME, ...bearer(key) }, 405],
  ])("%s gets no page", async (_what, headers, status) => {
    expect((await send(t, { headers: headers })).status).toBe(status);
  });

  test("other methods get no page, and without OAuth there is none", async () => {
    const headers = { accept: CHROME };
    for (const method of ["POST", "DELETE", "PUT", "PATCH"])
      expect((await send(t, { method, headers })).status).toBe(401);
    expect((await send(off, { headers })).status).toBe(401);
  });
});
