/** What an attacker, or a client with a fault, may send to the authorization endpoint: where the answer goes, and where it does not. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { counting, newApp } from "../support/app";
import { dump, newServer, SITE_URL } from "../support/gate";
import {
  ask,
  CLAUDE,
  encode,
  fieldOf,
  newClient,
  newFlow,
  open,
  REDIRECT,
  type Flow,
} from "../support/connect";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });

let loopback: Flow;
let claude: Flow;
let before: unknown;

beforeAll(async () => {
  const redirect_uris = [REDIRECT, "http://localhost:4711/callback", "http://[::1]:4711/callback"];
  loopback = await newFlow(t, { clientId: await newClient(t, { redirect_uris }) });
  claude = await newFlow(t, CLAUDE);
  before = await dump(t);
});
beforeEach(() => {
  calls.length = 0;
});
/** Whatever is asked here leaves no row and costs no call. */
afterEach(async () => {
  expect(calls).toEqual([]);
  expect(await dump(t)).toEqual(before);
});

const refusedOnPage = async (flow: Flow, changes: Parameters<typeof open>[2]): Promise<string> => {
  const { status, headers, text } = await open(t, flow, changes);
  expect([status, headers.get("location")]).toEqual([400, null]);
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("access-control-allow-origin")).toBe(null);
  return text;
};

const CALLBACK = CLAUDE.redirectUri;

describe("a redirect URI that is not one of the client's is never followed", () => {
  test.each([
    ["another host", "https://evil.example/api/mcp/auth_callback"],
    ["a subdomain", "https://x.claude.ai/api/mcp/auth_callback"],
    ["a suffix to the host", "https://claude.ai.evil.example/api/mcp/auth_callback"],
    ["a prefix to the host", "https://evilclaude.ai/api/mcp/auth_callback"],
    ["the host as a user", "https://claude.ai@evil.example/api/mcp/auth_callback"],
    ["a user", "https://user@claude.ai/api/mcp/auth_callback"],
    ["a user and a password", "https://user:pw@claude.ai/api/mcp/auth_callback"],
    ["an encoded at sign", "https://claude.ai%40evil.example/api/mcp/auth_callback"],
    ["a backslash", "https://claude.ai\\@evil.example/api/mcp/auth_callback"],
    ["a backslash for the path", "https://claude.ai\\api/mcp/auth_callback"],
    ["a look-alike letter", "https://clаude.ai/api/mcp/auth_callback"],
    ["punycode of a look-alike", "https://xn--clude-6ve.ai/api/mcp/auth_callback"],
    ["a wide letter", "https://ｃlaude.ai/api/mcp/auth_callback"],
    ["an ideographic full stop", "https://claude。ai/api/mcp/auth_callback"],
    ["a dot after the host", "https://claude.ai./api/mcp/auth_callback"],
    ["a port", "https://claude.ai:8443/api/mcp/auth_callback"],
    ["the default port", "https://claude.ai:443/api/mcp/auth_callback"],
    ["capitals in the host", "https://CLAUDE.ai/api/mcp/auth_callback"],
    ["capitals in the scheme", "HTTPS://claude.ai/api/mcp/auth_callback"],
    ["http", "http://claude.ai/api/mcp/auth_callback"],
    ["no scheme", "//claude.ai/api/mcp/auth_callback"],
    ["a path alone", "/api/mcp/auth_callback"],
    ["a fragment", `${CALLBACK}#x`],
    ["an empty fragment", `${CALLBACK}#`],
    ["a query", `${CALLBACK}?next=https://evil.example`],
    ["an empty query", `${CALLBACK}?`],
    ["a slash at the end", `${CALLBACK}/`],
    ["a longer path", `${CALLBACK}/more`],
    ["a suffix to the path", `${CALLBACK}.evil`],
    ["a shorter path", "https://claude.ai/api/mcp"],
    ["the host alone", "https://claude.ai/"],
    ["dot segments", "https://claude.ai/api/x/../mcp/auth_callback"],
    ["encoded dot segments", "https://claude.ai/api/x/%2e%2e/mcp/auth_callback"],
    ["dot segments at the end", `${CALLBACK}/..`],
    ["a single dot segment", "https://claude.ai/api/./mcp/auth_callback"],
    ["an encoded slash", "https://claude.ai/api%2fmcp/auth_callback"],
    ["an encoded letter", "https://claude.ai/api/mcp/%61uth_callback"],
    ["two slashes", "https://claude.ai//api/mcp/auth_callback"],
    ["capitals in the path", "https://claude.ai/api/mcp/AUTH_callback"],
    ["a space before", ` ${CALLBACK}`],
    ["a space after", `${CALLBACK} `],
    ["a line break", `${CALLBACK}\nx`],
    ["a header in it", `${CALLBACK}\r\nSet-Cookie: a=b`],
    ["a tab in the host", "https://cla\tude.ai/api/mcp/auth_callback"],
    ["a null character", `${CALLBACK}\u0000`],
    ["a zero-width character", `${CALLBACK}\u200b`],
    ["two in one", `${CALLBACK} ${CALLBACK}`],
    ["two with a comma", `${CALLBACK},https://evil.example`],
    ["javascript:", "javascript:alert(1)//claude.ai/api/mcp/auth_callback"],
    ["data:", "data:text/html,<script>alert(1)</script>"],
    ["file:", "file:///etc/passwd"],
    ["a scheme of an app", "claude://api/mcp/auth_callback"],
    ["a redirect of another client", "https://chatgpt.com/connector_platform_oauth_redirect"],
    ["10,000 characters", `${CALLBACK}${"x".repeat(10_000)}`],
    ["no URL", "callback"],
    ["the URL encoded once more", encodeURIComponent(CALLBACK)],
    ["our own page", `${SITE_URL}/oauth/authorize`],
  ])("%s", async (_what, redirect_uri) => {
    await refusedOnPage(claude, { redirect_uri });
  });

  test.each([
    ["another name of this machine", "http://127.0.0.2:4711/callback"],
    ["all addresses", "http://0.0.0.0:4711/callback"],
    ["localhost as a subdomain", "http://localhost.evil.example:4711/callback"],
    ["a subdomain of localhost", "http://x.localhost:4711/callback"],
    ["localhost as a user", "http://localhost@evil.example/callback"],
    ["127.0.0.1 as a user", "http://127.0.0.1:4711@evil.example/callback"],
    ["127.0.0.1 as a subdomain", "http://127.0.0.1.evil.example/callback"],
    ["127.0.0.1 as a number", "http://2130706433:4711/callback"],
    ["127.0.0.1 in hex", "http://0x7f000001:4711/callback"],
    ["127.1", "http://127.1:4711/callback"],
    ["an IPv4 address in IPv6", "http://[::ffff:127.0.0.1]:4711/callback"],
    ["https", "https://127.0.0.1:4711/callback"],
    ["another path", "http://127.0.0.1:4711/other"],
    ["a path with a slash at its end", "http://127.0.0.1:4711/callback/"],
    ["dot segments", "http://127.0.0.1:4711/x/../callback"],
    ["a query", "http://127.0.0.1:4711/callback?x=1"],
    ["a fragment", "http://127.0.0.1:4711/callback#x"],
    ["no port that is one", "http://127.0.0.1:99999/callback"],
    ["Cursor's scheme, which it did not register", "cursor://anysphere.cursor-mcp/oauth/callback"],
  ])("on loopback: %s", async (_what, redirect_uri) => {
    await refusedOnPage(loopback, { redirect_uri });
  });

  test.each(["http://127.0.0.1:1/callback", "http://localhost:65000/callback"])(
    "any port of this machine is fine: %s",
    async (redirect_uri) => {
      expect((await open(t, loopback, { redirect_uri })).status).toBe(200);
    },
  );

  test("127.0.0.1 is not localhost for a client that registered only one", async () => {
    const clientId = await newClient(t, { redirect_uris: ["http://localhost:1/callback"] });
    const flow = await newFlow(t, { clientId, redirectUri: "http://127.0.0.1:1/callback" });
    await refusedOnPage(flow, {});
  });

  test("it may be absent only for a client with a single one", async () => {
    const one = await newFlow(t);
    expect((await open(t, one, { redirect_uri: undefined })).status).toBe(200);
    await refusedOnPage(loopback, { redirect_uri: undefined });
  });
});

describe("a client that cannot be told is never answered", () => {
  test.each([
    ["no client", undefined],
    ["an empty one", ""],
    ["two", ["https://claude.ai/oauth/mcp-oauth-client-metadata", "x"]],
    ["two that are equal", [CLAUDE.clientId, CLAUDE.clientId]],
    ["a made-up id", "cvxmcp_cl_W10.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["a UUID", "6fa459ea-ee8a-3ca4-894e-db77e160355e"],
    ["a document of a host that is not trusted", "https://evil.example/client.json"],
    ["a document on this machine", "https://localhost/client.json"],
    ["a document at an address", "https://127.0.0.1/client.json"],
    ["a document of a cloud's metadata", "https://169.254.169.254/latest"],
    ["http", "http://claude.ai/oauth/mcp-oauth-client-metadata"],
    ["a trusted name as a subdomain", "https://claude.ai.evil.example/oauth/x"],
    ["a trusted name as a user", "https://claude.ai@evil.example/oauth/x"],
    ["a fragment", "https://claude.ai/oauth/mcp-oauth-client-metadata#x"],
    ["javascript:", "javascript:alert(1)"],
    ["a script", "<script>alert(1)</script>"],
    ["a key of a prototype", "__proto__"],
    ["10,000 characters", "x".repeat(10_000)],
  ])("%s", async (_what, client_id) => {
    const text = await refusedOnPage(claude, { client_id });
    expect(text).not.toContain("<script");
  });

  test("each flipped bit of a registered id", async () => {
    const id = loopback.clientId;
    for (let at = 0; at < id.length; at += 4) {
      const flipped = String.fromCharCode(id.charCodeAt(at) ^ (1 << (at % 7)));
      await refusedOnPage(loopback, { client_id: id.slice(0, at) + flipped + id.slice(at + 1) });
    }
  });

  test("an id that another deployment signed", async () => {
    const { clientId } = await newFlow(t);
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"other-pepper".repeat(4)}`);
    await refusedOnPage(loopback, { client_id: clientId });
    vi.unstubAllEnvs();
    vi.stubEnv("CONVEX_SITE_URL", "https://other.convex.site");
    await refusedOnPage(loopback, { client_id: clientId });
    vi.unstubAllEnvs();
  });

  test("a redirect host that nobody trusts, with what the operator may run", async () => {
    const redirect = "https://app.unknown.example/callback";
    const clientId = await newClient(t, { redirect_uris: [redirect] });
    const flow = await newFlow(t, { clientId, redirectUri: redirect });
    const text = await refusedOnPage(flow, {});
    expect(text).toContain("app.unknown.example");
    expect(text).toContain("TOOLGATE_OAUTH_CLIENTS");
    vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", "app.unknown.example");
    expect((await open(t, flow)).status).toBe(200);
    vi.unstubAllEnvs();
  });
});

describe("any other fault goes to the client, with its state and our name", () => {
  const long = "s".repeat(4097);
  const plain = { code_challenge_method: "plain" };

  test.each<[string, Parameters<typeof open>[2], string]>([
    ["no response_type", { response_type: undefined }, "invalid_request"],
    ["an empty response_type", { response_type: "" }, "invalid_request"],
    ["the implicit flow", { response_type: "token" }, "unsupported_response_type"],
    ["a hybrid flow", { response_type: "code token" }, "unsupported_response_type"],
    ["an id token", { response_type: "id_token" }, "unsupported_response_type"],
    ["capitals", { response_type: "CODE" }, "unsupported_response_type"],
    ["none", { response_type: "none" }, "unsupported_response_type"],
    ["two response types", { response_type: ["code", "code"] }, "invalid_request"],
    ["the answer in a fragment", { response_mode: "fragment" }, "invalid_request"],
    ["the answer in a form", { response_mode: "form_post" }, "invalid_request"],
    ["two response modes", { response_mode: ["query", "query"] }, "invalid_request"],
    ["no challenge", { code_challenge: undefined }, "invalid_request"],
    ["an empty challenge", { code_challenge: "" }, "invalid_request"],
    ["a short challenge", { code_challenge: "a".repeat(42) }, "invalid_request"],
    ["a long challenge", { code_challenge: "a".repeat(44) }, "invalid_request"],
    ["a padded challenge", { code_challenge: `${"a".repeat(42)}=` }, "invalid_request"],
    ["a challenge in base64", { code_challenge: `${"a".repeat(42)}+` }, "invalid_request"],
    ["a challenge in hex", { code_challenge: "a".repeat(64) }, "invalid_request"],
    ["a challenge with a line break", { code_challenge: `${"a".repeat(43)}\n` }, "invalid_request"],
    ["two challenges", { code_challenge: ["a".repeat(43), "b".repeat(43)] }, "invalid_request"],
    ["no method, which is plain", { code_challenge_method: undefined }, "invalid_request"],
    ["plain", plain, "invalid_request"],
    ["s256", { code_challenge_method: "s256" }, "invalid_request"],
    ["S512", { code_challenge_method: "S512" }, "invalid_request"],
    ["two methods", { code_challenge_method: ["S256", "plain"] }, "invalid_request"],
    ["a request object", { request: "eyJ" }, "request_not_supported"],
    ["a request by reference", { request_uri: "https://x/" }, "request_uri_not_supported"],
    ["no page wanted", { prompt: "none" }, "interaction_required"],
    ["two prompts", { prompt: ["consent", "none"] }, "invalid_request"],
    ["two scopes", { scope: ["mcp:read", "mcp:write"] }, "invalid_request"],
    ["another resource", { resource: "https://other.convex.site/mcp" }, "invalid_target"],
    ["another path", { resource: `${SITE_URL}/other` }, "invalid_target"],
    ["a longer path", { resource: `${SITE_URL}/mcp/more` }, "invalid_target"],
    ["capitals in the path", { resource: `${SITE_URL}/MCP` }, "invalid_target"],
    ["dot segments", { resource: `${SITE_URL}/x/../mcp` }, "invalid_target"],
    ["a fragment in the resource", { resource: `${SITE_URL}/mcp#x` }, "invalid_target"],
    ["a user in the resource", { resource: "https://u@some.convex.site/mcp" }, "invalid_target"],
    ["another scheme", { resource: "http://some.convex.site/mcp" }, "invalid_target"],
    ["another port", { resource: "https://some.convex.site:8443/mcp" }, "invalid_target"],
    [
      "a host that begins with ours",
      { resource: `${SITE_URL}.evil.example/mcp` },
      "invalid_target",
    ],
    ["a resource that is no URL", { resource: "mcp" }, "invalid_target"],
    ["two resources", { resource: [`${SITE_URL}/mcp`, "https://x.example"] }, "invalid_request"],
  ])("%s", async (_what, changes, error) => {
    for (const flow of [loopback, claude]) {
      const { status, to } = await open(t, flow, changes);
      expect(status).toBe(303);
      expect(to!.origin + to!.pathname).toBe(flow.redirectUri);
      expect(Object.fromEntries(to!.searchParams)).toEqual({
        ...{ error, error_description: expect.stringMatching(/^[ !#-[\]-~]+$/) as string },
        ...{ state: flow.state, iss: SITE_URL },
      });
    }
  });

  test.each<[string, string | string[] | undefined]>([
    ["two states", ["a", "b"]],
    ["a state that is too long", long],
  ])("%s: without the state, which cannot be told", async (_what, state) => {
    const { to } = await open(t, loopback, { state });
    expect([to!.searchParams.get("error"), to!.searchParams.has("state")]).toEqual([
      "invalid_request",
      false,
    ]);
    expect(to!.searchParams.get("iss")).toBe(SITE_URL);
  });

  test.each(["", "%", "a&b=c", "é 😀", "\r\nX: y", '"<script>', "s".repeat(4096)])(
    "the state comes back as it was: %j",
    async (state) => {
      const { to } = await open(t, loopback, { state, response_type: "token" });
      expect(to!.searchParams.get("state")).toBe(state === "" ? null : state);
    },
  );

  test("the client's own query stays, and cannot stand in for ours", async () => {
    const redirectUri = "http://127.0.0.1:4711/callback?tenant=a&state=theirs";
    const clientId = await newClient(t, { redirect_uris: [redirectUri] });
    const flow = await newFlow(t, { clientId, redirectUri });
    const { to } = await open(t, flow, { scope: ["a", "b"] });
    expect(to!.searchParams.get("tenant")).toBe("a");
    expect(to!.searchParams.getAll("state")).toEqual(["theirs", flow.state]);
  });
});

describe("the resource in all forms that clients write", () => {
  test.each([
    undefined,
    `${SITE_URL}/mcp`,
    `${SITE_URL}/mcp/`,
    SITE_URL,
    `${SITE_URL}/`,
    "HTTPS://SOME.CONVEX.SITE/mcp",
    "https://some.convex.site:443/mcp",
    `${SITE_URL}/mcp?utm_source=claude`,
  ])("%s", async (resource) => {
    expect((await open(t, claude, { resource })).status).toBe(200);
  });
});

describe("opening the page is reading", () => {
  test("twice gives two requests, and both are good", async () => {
    const [first, second] = [await open(t, claude), await open(t, claude)];
    expect(fieldOf(first, "request")).not.toBe(fieldOf(second, "request"));
  });

  test("HEAD has the headers and no request", async () => {
    const path = `/oauth/authorize?${encode(claude.query)}`;
    const { status, text } = await ask(t, path, { method: "HEAD" });
    expect([status, text]).toEqual([200, ""]);
  });

  test("unknown parameters mean nothing, even twice", async () => {
    const more = { utm: ["a", "b"], nonce: "x", login_hint: "y" };
    expect((await open(t, claude, more)).status).toBe(200);
  });
});
