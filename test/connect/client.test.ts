/** Who the client is: pinned, registered here, or known by a document of its own; and who is let in. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sealRegistration, openRegistration } from "../../src/connect/client/registered";
import { usableRedirects } from "../../src/connect/client/redirect";
import { clientIdOf, identifyDevice } from "../../src/connect/client/identify";
import { newAsking, PEPPERS } from "./asking";

beforeEach(() => {
  vi.stubEnv("CONVEX_SITE_URL", "https://a.convex.site");
  vi.stubEnv("TOOLGATE_PEPPERS", `one:${"1".repeat(32)}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const register = (name: unknown, uris: readonly unknown[]): Promise<string> =>
  sealRegistration(PEPPERS, { name, redirectUris: usableRedirects(uris) });

const CLAUDE = "https://claude.ai/oauth/mcp-oauth-client-metadata";
const CLAUDE_CODE = "https://claude.ai/oauth/claude-code-client-metadata";
const VSCODE = "https://vscode.dev/oauth/client-metadata.json";

describe("pinned clients need neither fetch nor call", () => {
  test.each([
    [CLAUDE, "https://claude.ai/api/mcp/auth_callback", "Claude"],
    [CLAUDE, "https://claude.com/api/mcp/auth_callback", "Claude"],
    [CLAUDE_CODE, "http://localhost:51234/callback", "Claude Code"],
    [CLAUDE_CODE, "http://127.0.0.1:8080/callback", "Claude Code"],
    [
      "https://chatgpt.com/oauth/client.json",
      "https://chatgpt.com/connector_platform_oauth_redirect",
      "ChatGPT",
    ],
    ["https://chatgpt.com/oauth/codex/client.json", "http://127.0.0.1:43123/callback", "Codex"],
    [VSCODE, "http://127.0.0.1:33418/", "Visual Studio Code"],
    [VSCODE, "http://127.0.0.1:40001/", "Visual Studio Code"],
    [VSCODE, "https://vscode.dev/redirect", "Visual Studio Code"],
  ])("%s to %s", async (id, redirectUri, name) => {
    const { identify, calls, fetched } = newAsking();
    const host = new URL(redirectUri).host;
    expect(await identify(id, redirectUri)).toEqual({
      client: { id, name, host, verified: true },
      redirectUri,
    });
    expect([calls(), fetched()]).toEqual([0, 0]);
  });

  test.each([
    [CLAUDE, "https://claude.ai/api/mcp/auth_callback/x"],
    [CLAUDE, "http://localhost/callback"],
    [CLAUDE, undefined],
    [CLAUDE_CODE, "https://claude.ai/api/mcp/auth_callback"],
    ["https://chatgpt.com/oauth/client.json", "https://chatgpt.com/connector/oauth/two"],
    ["https://chatgpt.com/oauth/codex/client.json", "http://127.0.0.1:5/callback/two"],
    [VSCODE, "http://localhost:33418/"],
  ])("%s may not go to %s", async (id, redirectUri) => {
    const { identify, calls, fetched } = newAsking();
    expect(await identify(id, redirectUri)).toMatchObject({ problem: { kind: "bad_redirect" } });
    expect([calls(), fetched()]).toEqual([0, 0]);
  });
});

/** What clients are known to register. `body: "names"` where only the redirect URIs are published, and no whole body. */
const registrations = [
  {
    client: "Cursor, three at once (facts: only the URIs are published)",
    uris: [
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "https://www.cursor.com/agents/mcp/oauth/callback",
      "http://localhost:8787/callback",
    ],
    kept: 3,
  },
  {
    client:
      "VS Code, four at once (microsoft/vscode src/vs/base/common/oauth.ts; the port is 33418)",
    uris: [
      "https://insiders.vscode.dev/redirect",
      "https://vscode.dev/redirect",
      "http://127.0.0.1/",
      "http://127.0.0.1:33418/",
    ],
    kept: 4,
  },
  {
    client: "claude.ai, which asks for client_secret_post (no body is published)",
    uris: ["https://claude.ai/api/mcp/auth_callback"],
    kept: 1,
  },
  {
    client: "Copilot Studio, with a path of its own for each tool (no body is published)",
    uris: ["https://global.consent.azure-apim.net/redirect/acme-20erp-20mcp-5f0a"],
    kept: 1,
  },
  {
    client: "Gemini CLI, on a random port (gemini-cli packages/core/src/mcp/oauth-provider.ts)",
    uris: ["http://localhost:49731/oauth/callback"],
    kept: 1,
  },
  {
    client: "mcp-remote",
    uris: ["http://localhost:3334/oauth/callback"],
    kept: 1,
  },
];

describe("registered clients", () => {
  test.each(registrations)("$client", async ({ client, uris, kept }) => {
    const { identify, calls } = newAsking();
    expect(usableRedirects(uris)).toHaveLength(kept);
    const clientId = await register(client, uris);
    for (const redirectUri of uris) {
      const host = new URL(redirectUri).host;
      expect(await identify(clientId, redirectUri)).toMatchObject({
        client: { id: await clientIdOf(clientId), host, verified: false },
        redirectUri,
      });
    }
    expect(calls()).toBe(0);
  });

  test("an id says name, URIs and time, and is short enough for a URL", async () => {
    const [{ uris }] = registrations as [(typeof registrations)[0]];
    const clientId = await register("Cursor", uris);
    expect(clientId).toMatch(/^cvxmcp_cl_[\w-]+\.[\w-]{43}$/);
    expect(clientId.length).toBeLessThan(330);
    const opened = await openRegistration(PEPPERS, clientId);
    expect(opened).toMatchObject({ name: "Cursor", redirectUris: uris });
    expect(Math.abs(opened!.issuedAt - Date.now() / 1000)).toBeLessThan(5);
    expect(await clientIdOf(clientId)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("no changed id, no other pepper and no other deployment is taken", async () => {
    const clientId = await register("A", ["http://localhost/cb"]);
    for (let at = 0; at < clientId.length; at += 2) {
      const put = clientId.charAt(at) === "A" ? "B" : "A";
      const changed = clientId.slice(0, at) + put + clientId.slice(at + 1);
      expect(await openRegistration(PEPPERS, changed)).toBeUndefined();
    }
    const other = [{ id: "two", secret: "2".repeat(32) }];
    expect(await openRegistration(other, clientId)).toBeUndefined();
    expect(await openRegistration([...other, ...PEPPERS], clientId)).toBeDefined();
    vi.stubEnv("CONVEX_SITE_URL", "https://b.convex.site");
    expect(await openRegistration(PEPPERS, clientId)).toBeUndefined();
  });

  test.each([
    ["", "a client without a name"],
    [undefined, "a client without a name"],
    [7, "a client without a name"],
    [" \u202e\u200b ", "a client without a name"],
    ["Cla\u202eude\n\nApp", "Claude App"],
    ["x".repeat(10_000), `${"x".repeat(60)}…`],
  ])("the name %j becomes %j", async (name, shown) => {
    const clientId = await register(name, ["http://localhost/cb"]);
    expect((await openRegistration(PEPPERS, clientId))!.name).toBe(shown);
  });

  test("a device needs no redirect", async () => {
    const { asking } = newAsking();
    const clientId = await register("Terminal", ["http://localhost/cb"]);
    expect(await identifyDevice(asking, clientId)).toEqual({
      client: { id: await clientIdOf(clientId), name: "Terminal", verified: false },
    });
  });

  test.each(["cvxmcp_cl_AAAA.AAAA", "abc", "", "cvxmcp_at_x.y", "https://", "x".repeat(100_000)])(
    "an id that was never ours costs nothing: %.20j",
    async (clientId) => {
      const { identify, calls, fetched } = newAsking();
      expect(await identify(clientId, "http://localhost/cb")).toMatchObject({
        problem: { kind: "unknown_client" },
      });
      expect([calls(), fetched()]).toEqual([0, 0]);
    },
  );
});

describe("who is let in", () => {
  const host = async (uri: string) => {
    const { identify } = newAsking();
    const answer = await identify(await register("A", [uri]), uri);
    return "problem" in answer ? answer.problem : "in";
  };

  test.each([
    "https://claude.ai/x",
    "https://claude.com/x",
    "https://chatgpt.com/x",
    "https://vscode.dev/x",
    "https://insiders.vscode.dev/x",
    "https://www.cursor.com/x",
    "https://global.consent.azure-apim.net/redirect/x",
    "http://localhost:5/x",
    "http://[::1]:5/x",
  ])("%s, unless the deployment says otherwise", async (uri) => {
    expect(await host(uri)).toBe("in");
  });

  test.each([
    "https://evil.example/x",
    "https://cursor.com/x",
    "https://api.claude.ai/x",
    "https://claude.ai.evil.example/x",
    "https://chatgpt.com.evil.example/x",
    "https://notclaude.ai/x",
    "https://azure-apim.net/x",
  ])("%s is not, and the page says how", async (uri) => {
    const { hostname } = new URL(uri);
    expect(await host(uri)).toEqual({
      kind: "untrusted",
      message: expect.stringContaining(hostname) as string,
      host: hostname,
      hint: `npx convex env set TOOLGATE_OAUTH_CLIENTS ${hostname}`,
    });
  });

  test.each([
    ["agent.example", "in"],
    [" other.example , AGENT.example ", "in"],
    ["*", "in"],
    ["example", "out"],
    ["*.example", "out"],
    ["agent.example.evil.example", "out"],
    ["https://agent.example/x", "out"],
    [",,", "out"],
  ])("TOOLGATE_OAUTH_CLIENTS=%j: %s", async (value, expected) => {
    vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", value);
    expect((await host("https://agent.example/x")) === "in" ? "in" : "out").toBe(expected);
  });
});
