/** Dynamic registration: nothing is stored, nothing is believed, and the clients of the field get in. */
import { beforeEach, describe, expect, test } from "vitest";
import { counting, newApp } from "../support/app";
import { dump, issueKey, newServer, rpc } from "../support/gate";
import { ask, connectAgent, newFlow, open, REDIRECT, register, submit } from "../support/connect";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
const { key } = await issueKey(t);

beforeEach(() => {
  calls.length = 0;
});

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

const CURSOR = [
  "cursor://anysphere.cursor-mcp/oauth/callback",
  "https://www.cursor.com/agents/mcp/oauth/callback",
  "http://localhost:8787/callback",
];

describe("what the clients of the field send", () => {
  test.each<[string, Record<string, unknown>, number]>([
    [
      "claude.ai, which asks for a secret",
      {
        client_name: "Claude",
        redirect_uris: ["https://claude.ai/api/mcp/auth_callback"],
        token_endpoint_auth_method: "client_secret_post",
      },
      1,
    ],
    ["Cursor, with three URIs", { client_name: "Cursor", redirect_uris: CURSOR }, 3],
    [
      "VS Code",
      {
        client_name: "Visual Studio Code",
        redirect_uris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "none",
      },
      2,
    ],
    ["Gemini CLI", { client_name: "G", redirect_uris: ["http://localhost:1/oauth/callback"] }, 1],
    ["no name", { redirect_uris: [REDIRECT] }, 1],
    ["a name that is none", { client_name: 5, redirect_uris: [REDIRECT] }, 1],
    ["unknown members", { redirect_uris: [REDIRECT], software_id: "x", x: { y: 1 } }, 1],
    ["one URI that cannot be used", { redirect_uris: [REDIRECT, "javascript:alert(1)"] }, 1],
    ["members that are no URIs", { redirect_uris: [REDIRECT, 5, null, {}] }, 1],
  ])("%s", async (_what, metadata, count) => {
    const { status, json, headers } = await register(t, metadata);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    });
    expect(json.redirect_uris).toHaveLength(count);
    expect(json).not.toHaveProperty("client_secret");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(calls).toEqual([]);
  });

  test.each(CURSOR)("Cursor comes in by %s", async (redirectUri) => {
    const clientId = (await register(t, { redirect_uris: CURSOR })).json.client_id as string;
    const { tokens } = await connectAgent(t, key, { clientId, redirectUri });
    expect((await rpc(t, tokens.access_token, "ping")).status).toBe(200);
  });
});

describe("what is refused, in no call", () => {
  test.each<[string, unknown, string]>([
    ["nothing", "", "invalid_client_metadata"],
    ["text", "hello", "invalid_client_metadata"],
    ["half of JSON", '{"redirect_uris":', "invalid_client_metadata"],
    ["a list", [], "invalid_client_metadata"],
    ["null", null, "invalid_client_metadata"],
    ["a member twice", '{"redirect_uris":[],"redirect_uris":[]}', "invalid_client_metadata"],
    ["no URIs", {}, "invalid_redirect_uri"],
    ["an empty list", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["a text for a list", { redirect_uris: REDIRECT }, "invalid_redirect_uri"],
    ["an object for a list", { redirect_uris: { 0: REDIRECT } }, "invalid_redirect_uri"],
    ["http", { redirect_uris: ["http://example.com/cb"] }, "invalid_redirect_uri"],
    ["javascript:", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["data:", { redirect_uris: ["data:text/html,x"] }, "invalid_redirect_uri"],
    ["an app's scheme", { redirect_uris: ["evil://callback"] }, "invalid_redirect_uri"],
    ["a fragment", { redirect_uris: [`${REDIRECT}#x`] }, "invalid_redirect_uri"],
    ["a user", { redirect_uris: ["https://u:p@example.com/cb"] }, "invalid_redirect_uri"],
    ["a relative URI", { redirect_uris: ["/callback"] }, "invalid_redirect_uri"],
    ["dot segments", { redirect_uris: ["https://example.com/a/../b"] }, "invalid_redirect_uri"],
    ["a very long URI", { redirect_uris: [REDIRECT + "x".repeat(3000)] }, "invalid_redirect_uri"],
    [
      "localhost with a suffix",
      { redirect_uris: ["http://localhost.evil/"] },
      "invalid_redirect_uri",
    ],
    ["a device, where that is off", { grant_types: [DEVICE] }, "invalid_redirect_uri"],
  ])("%s", async (_what, metadata, error) => {
    const { status, json } = await register(t, metadata);
    expect([status, json.error]).toEqual([400, error]);
    expect(calls).toEqual([]);
  });

  test("another type, and more than 16 KiB", async () => {
    expect((await submit(t, "/oauth/register", { redirect_uris: REDIRECT })).status).toBe(400);
    const big = { redirect_uris: [REDIRECT], client_name: "x".repeat(17_000) };
    expect((await register(t, big)).status).toBe(413);
  });
});

test("1,000 registrations leave no row, and each works", async () => {
  const before = await dump(t);
  const ids = new Set<string>();
  for (let at = 0; at < 1000; at++) {
    const metadata = { client_name: `client ${String(at)}`, redirect_uris: [REDIRECT] };
    ids.add((await register(t, metadata)).json.client_id as string);
  }
  expect(ids.size).toBe(1000);
  expect(await dump(t)).toEqual(before);
  expect(calls).toEqual([]);
  for (const clientId of [...ids].slice(-3))
    expect((await open(t, await newFlow(t, { clientId }))).status).toBe(200);
});

describe("pages of any origin may read the endpoints that programs use", () => {
  test.each(["register", "token", "revoke"])("/oauth/%s", async (name) => {
    const path = `/oauth/${name}`;
    const headers = { origin: "https://inspector.example", "content-type": "text/plain" };
    const preflight = await ask(t, path, { method: "OPTIONS", headers });
    expect([preflight.status, preflight.text]).toEqual([204, ""]);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      allow: "POST, OPTIONS",
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": "MCP-Protocol-Version, Content-Type, Authorization",
    });
    for (const method of ["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD"]) {
      const answer = await ask(t, path, { method, headers });
      expect(answer.status).toBe(method === "POST" ? 400 : 405);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      if (method !== "POST") expect(answer.headers.get("allow")).toBe("POST, OPTIONS");
    }
    expect(calls).toEqual([]);
  });

  test.each(["", "x", "authorize/", "token/x", "device", "device_authorization"])(
    "/oauth/%s is nothing, by any method",
    async (name) => {
      for (const method of ["GET", "POST", "PUT", "DELETE"])
        expect((await ask(t, `/oauth/${name}`, { method })).status).toBe(404);
    },
  );
});
