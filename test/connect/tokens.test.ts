/** What an attacker may try at the token endpoint and with tokens: nothing that is forged costs a call, nothing that is stolen lasts. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { counting, newApp } from "../support/app";
import { issueKey, newServer, rows, rpc, SITE_URL } from "../support/gate";
import {
  connectAgent,
  newClient,
  newCode,
  newFlow,
  newPkce,
  redemption,
  refresh,
  submit,
  token,
  type Answer,
  type Tokens,
} from "../support/connect";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: { device: true }, front: counting(calls) }) });
const { key } = await issueKey(t);
const agent = await connectAgent(t, key);
const spare = await newFlow(t);
const spareCode = await newCode(t, spare, key);
const good = redemption(spare, spareCode);

beforeEach(() => {
  calls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const told = ({ status, json }: Pick<Answer, "status" | "json">) => [status, json.error];
const tokensOf = (answer: Answer): Tokens => answer.json as unknown as Tokens;
const works = async (secret: string) => (await rpc(t, secret, "ping")).status === 200;

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

type Fields = Parameters<typeof token>[1];

const badRefresh = (refresh_token: string, changes: Fields = {}) =>
  token(t, { grant_type: "refresh_token", client_id: agent.clientId, refresh_token, ...changes });

describe("a request that cannot be right costs no call", () => {
  const verifier = spare.verifier;

  test.each<[string, Fields, number, string]>([
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["two grant types", { grant_type: ["authorization_code", "x"] }, 400, "invalid_request"],
    ["a password", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["client credentials", { grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
    ["the implicit grant", { grant_type: "implicit" }, 400, "unsupported_grant_type"],
    ["a token exchange", { grant_type: "urn:x:token-exchange" }, 400, "unsupported_grant_type"],
    ["a JWT", { grant_type: "urn:x:jwt-bearer" }, 400, "unsupported_grant_type"],
    ["capitals", { grant_type: "AUTHORIZATION_CODE" }, 400, "unsupported_grant_type"],
    ["no client", { client_id: undefined }, 400, "invalid_request"],
    ["an empty client", { client_id: "" }, 400, "invalid_request"],
    ["two clients", { client_id: [spare.clientId, spare.clientId] }, 400, "invalid_request"],
    ["an unknown client", { client_id: "nobody" }, 401, "invalid_client"],
    ["a forged client", { client_id: `${spare.clientId}x` }, 401, "invalid_client"],
    ["a client over http", { client_id: "http://claude.ai/x" }, 401, "invalid_client"],
    ["no code", { code: undefined }, 400, "invalid_request"],
    ["an empty code", { code: "" }, 400, "invalid_request"],
    ["two codes", { code: [spareCode, spareCode] }, 400, "invalid_request"],
    ["a made-up code", { code: "x" }, 400, "invalid_grant"],
    ["a code with a space", { code: ` ${spareCode}` }, 400, "invalid_grant"],
    ["a longer code", { code: `${spareCode}x` }, 400, "invalid_grant"],
    ["a shorter code", { code: spareCode.slice(0, -1) }, 400, "invalid_grant"],
    ["no signature", { code: spareCode.split(".")[0] }, 400, "invalid_grant"],
    ["an access token for a code", { code: agent.tokens.access_token }, 400, "invalid_grant"],
    ["a refresh token for a code", { code: agent.tokens.refresh_token }, 400, "invalid_grant"],
    ["a key for a code", { code: key }, 400, "invalid_grant"],
    ["a code relabelled", { code: spareCode.replace("_ac_", "_rt_") }, 400, "invalid_grant"],
    ["no redirect URI", { redirect_uri: undefined }, 400, "invalid_request"],
    ["two redirect URIs", { redirect_uri: ["a", "b"] }, 400, "invalid_request"],
    ["no verifier", { code_verifier: undefined }, 400, "invalid_request"],
    ["an empty verifier", { code_verifier: "" }, 400, "invalid_request"],
    ["two verifiers", { code_verifier: [verifier, verifier] }, 400, "invalid_request"],
    ["a short verifier", { code_verifier: verifier.slice(0, 42) }, 400, "invalid_grant"],
    ["a long verifier", { code_verifier: "a".repeat(129) }, 400, "invalid_grant"],
    ["a verifier with a sign", { code_verifier: `${verifier}+` }, 400, "invalid_grant"],
    ["a verifier with a line break", { code_verifier: `${verifier}\n` }, 400, "invalid_grant"],
    ["another resource", { resource: "https://other.example/mcp" }, 400, "invalid_target"],
    ["two resources", { resource: [`${SITE_URL}/mcp`, "x"] }, 400, "invalid_request"],
    ["a device without a code", { grant_type: DEVICE }, 400, "invalid_request"],
    ["a made-up device", { grant_type: DEVICE, device_code: "x" }, 400, "invalid_grant"],
    ["a code for a device's", { grant_type: DEVICE, device_code: spareCode }, 400, "invalid_grant"],
  ])("%s", async (_what, changes, status, error) => {
    const answer = await token(t, { ...good, ...changes });
    expect(told(answer)).toEqual([status, error]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.json.error_description).toMatch(/^[ !#-[\]-~]+$/);
    expect(calls).toEqual([]);
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["text", "x"],
    ["an access token", agent.tokens.access_token],
    ["a code", spareCode],
    ["a key", key],
    ["a relabelled access token", agent.tokens.access_token.replace("_at_", "_rt_")],
    ["a next generation", agent.tokens.refresh_token.replace(/_0\./, "_1.")],
    ["no generation", agent.tokens.refresh_token.replace(/_0\./, ".")],
    ["10,000 characters", "x".repeat(10_000)],
  ])("a refresh token that is %s", async (_what, text) => {
    const answer = await badRefresh(text);
    expect(told(answer)).toEqual([400, text === "" ? "invalid_request" : "invalid_grant"]);
    expect(calls).toEqual([]);
  });

  test.each<[string, string | undefined]>([
    ["JSON", "application/json"],
    ["text", "text/plain"],
    ["multipart", "multipart/form-data; boundary=x"],
    ["no type", ""],
    ["two types", "application/x-www-form-urlencoded, text/plain"],
  ])("a body of %s", async (_what, type = "") => {
    const answer = await submit(t, "/oauth/token", good, { "content-type": type });
    expect(told(answer)).toEqual([400, "invalid_request"]);
    expect(calls).toEqual([]);
  });

  test("a body over 16 KiB, by its length and by its bytes", async () => {
    const answer = await token(t, { ...good, more: "x".repeat(16 * 1024) });
    expect(told(answer)).toEqual([413, "invalid_request"]);
    expect(calls).toEqual([]);
  });

  test("a body that is no UTF-8", async () => {
    const response = await t.fetch("/oauth/token", {
      ...{ method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } },
      body: new Uint8Array([0x67, 0xff, 0xfe]),
    });
    expect(response.status).toBe(400);
  });

  test("a parameter in the query counts for nothing", async () => {
    const answer = await submit(t, `/oauth/token?code=${spareCode}`, { ...good, code: undefined });
    expect(told(answer)).toEqual([400, "invalid_request"]);
  });

  test("500 bits of each kind of token, each flipped alone", async () => {
    const ways: [string, (text: string) => Promise<Pick<Answer, "status" | "json">>][] = [
      [spareCode, (code) => token(t, { ...good, code })],
      [agent.tokens.refresh_token, (text) => badRefresh(text)],
      [
        agent.tokens.access_token,
        async (text) => {
          const { status } = await rpc(t, encodeURI(text), "ping");
          return { status: status === 401 ? 400 : status, json: { error: "invalid_grant" } };
        },
      ],
    ];
    for (const [text, send] of ways) {
      for (let bit = 0; bit < 500; bit++) {
        const at = Math.floor((bit * text.length) / 500);
        const sign = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit % 7)));
        const answer = await send(text.slice(0, at) + sign + text.slice(at + 1));
        expect([bit, ...told(answer)]).toEqual([bit, 400, "invalid_grant"]);
      }
    }
    expect(calls).toEqual([]);
  });

  test("what another deployment signed, or this one under a pepper that is gone", async () => {
    for (const [name, value] of [
      ["CONVEX_SITE_URL", "https://other.convex.site"],
      ["TOOLGATE_PEPPERS", `test:${"another-one-".repeat(4)}`],
    ] as const) {
      vi.stubEnv(name, value);
      const clientId = await newClient(t);
      const resource = undefined;
      const changes = { client_id: clientId, resource };
      expect(told(await token(t, { ...good, ...changes }))).toEqual([400, "invalid_grant"]);
      expect(told(await badRefresh(agent.tokens.refresh_token, changes))).toEqual([
        400,
        "invalid_grant",
      ]);
      expect((await rpc(t, agent.tokens.access_token, "ping")).status).toBe(401);
      vi.unstubAllEnvs();
    }
    expect(calls).toEqual([]);
  });
});

describe("a code", () => {
  test("that is used wrongly stays good for its client, until it is used rightly; twice ends all", async () => {
    const flow = await newFlow(t);
    const code = await newCode(t, flow, key);
    const right = redemption(flow, code);
    for (const changes of [
      { code_verifier: newPkce().verifier },
      { code_verifier: flow.query.code_challenge },
      { redirect_uri: "http://127.0.0.1:4712/callback" },
      { redirect_uri: "https://evil.example/callback" },
      { client_id: await newClient(t, { redirect_uris: ["http://localhost/x"] }) },
      { client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata" },
    ])
      expect(told(await token(t, { ...right, ...changes }))).toEqual([400, "invalid_grant"]);
    const tokens = tokensOf(await token(t, right));
    expect(await works(tokens.access_token)).toBe(true);
    expect(told(await token(t, right))).toEqual([400, "invalid_grant"]);
    expect(await works(tokens.access_token)).toBe(false);
    expect(told(await refresh(t, flow, tokens.refresh_token))).toEqual([400, "invalid_grant"]);
    const grant = (await rows(t, "toolgateGrants")).at(-1)!;
    expect(grant.revokedReason).toBeDefined();
  });

  test("lasts 60 seconds", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const [flow, other] = [await newFlow(t), await newFlow(t)];
    const [code, late] = [await newCode(t, flow, key), await newCode(t, other, key)];
    vi.advanceTimersByTime(59_999);
    expect((await token(t, redemption(flow, code))).status).toBe(200);
    vi.advanceTimersByTime(1);
    expect(told(await token(t, redemption(other, late)))).toEqual([400, "invalid_grant"]);
  });

  test("of one session cannot be put into another: the verifier is that of the first", async () => {
    const [mine, theirs] = [await newFlow(t), await newFlow(t)];
    const injected = await newCode(t, theirs, key);
    const answer = await token(t, { ...redemption(mine, injected), client_id: theirs.clientId });
    expect(told(answer)).toEqual([400, "invalid_grant"]);
  });
});

describe("a refresh token", () => {
  test("20 at once give one successor, and all access tokens work", async () => {
    const one = await connectAgent(t, key);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(t, one, one.tokens.refresh_token)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => tokensOf(answer).refresh_token)).size).toBe(1);
    for (const answer of [one.tokens, ...answers.map(tokensOf)])
      expect(await works(answer.access_token)).toBe(true);
  });

  test("gives the same successor again after a lost answer; two generations back it ends the connection", async () => {
    const one = await connectAgent(t, key);
    const first = tokensOf(await refresh(t, one, one.tokens.refresh_token));
    const again = tokensOf(await refresh(t, one, one.tokens.refresh_token));
    expect(again.refresh_token).toBe(first.refresh_token);
    const second = tokensOf(await refresh(t, one, first.refresh_token));
    expect(told(await refresh(t, one, one.tokens.refresh_token))).toEqual([400, "invalid_grant"]);
    expect(await works(second.access_token)).toBe(false);
    expect(told(await refresh(t, one, second.refresh_token))).toEqual([400, "invalid_grant"]);
  });

  test("a repeat after ten minutes ends the connection", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const one = await connectAgent(t, key);
    const first = tokensOf(await refresh(t, one, one.tokens.refresh_token));
    vi.advanceTimersByTime(10 * 60_000 + 1);
    expect(told(await refresh(t, one, one.tokens.refresh_token))).toEqual([400, "invalid_grant"]);
    expect(await works(first.access_token)).toBe(false);
  });

  test("of another client is refused, and stays good for its own", async () => {
    const one = await connectAgent(t, key);
    const other = await newClient(t, { redirect_uris: ["http://localhost/x"] });
    const stolen = await refresh(t, { clientId: other }, one.tokens.refresh_token);
    expect(told(stolen)).toEqual([400, "invalid_grant"]);
    expect((await refresh(t, one, one.tokens.refresh_token)).status).toBe(200);
  });

  test("is no access token, and an access token ends after 12 hours while its refresh works", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const one = await connectAgent(t, key);
    expect(await works(one.tokens.refresh_token)).toBe(false);
    vi.advanceTimersByTime(12 * 3600_000 + 1000);
    expect(await works(one.tokens.access_token)).toBe(false);
    const next = tokensOf(await refresh(t, one, one.tokens.refresh_token));
    expect(await works(next.access_token)).toBe(true);
  });
});

describe("a client of the token endpoint", () => {
  const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` });

  test.each<[string, (id: string) => [Fields, Record<string, string>]]>([
    ["the header with an empty secret", (id) => [{ client_id: undefined }, basic(`${id}:`)]],
    ["the header with a secret", (id) => [{ client_id: undefined }, basic(`${id}:secret`)]],
    ["both", (id) => [{ client_id: id }, basic(`${id}:`)]],
    ["an encoded id", (id) => [{ client_id: undefined }, basic(`${encodeURIComponent(id)}:`)]],
    ["a secret in the form", () => [{ client_secret: "made-up" }, {}]],
    ["an empty secret in the form", () => [{ client_secret: "" }, {}]],
  ])("may come by %s", async (_what, change) => {
    const one = await connectAgent(t, key);
    const [changes, headers] = change(one.clientId);
    const form = { grant_type: "refresh_token", refresh_token: one.tokens.refresh_token };
    const answer = await token(t, { client_id: one.clientId, ...form, ...changes }, headers);
    expect(answer.status).toBe(200);
  });

  test("must be one, and a broken header is none", async () => {
    const differ = await token(t, good, basic("other:"));
    expect(told(differ)).toEqual([400, "invalid_request"]);
    const unknown = await token(t, { ...good, client_id: undefined }, basic("other:"));
    expect(told(unknown)).toEqual([401, "invalid_client"]);
    expect(unknown.headers.get("www-authenticate")).toMatch(/^Basic /);
    for (const authorization of ["Basic", "Basic !!", "Bearer x", "Basic JTAlMA=="])
      expect(told(await token(t, { ...good, client_id: undefined }, { authorization }))).toEqual([
        400,
        "invalid_request",
      ]);
  });
});

describe("revocation", () => {
  test.each(["access_token", "refresh_token"] as const)(
    "by %s ends the connection",
    async (kind) => {
      const one = await connectAgent(t, key);
      for (const hint of [{}, { token_type_hint: "access_token" }, { token_type_hint: "x" }]) {
        const fields = { token: one.tokens[kind], client_id: one.clientId, ...hint };
        expect((await submit(t, "/oauth/revoke", fields)).status).toBe(200);
      }
      expect(await works(one.tokens.access_token)).toBe(false);
    },
  );

  test.each([
    ["text", "x"],
    ["a key", key],
    ["a flipped token", `${agent.tokens.access_token.slice(0, -1)}_`],
    ["a code", spareCode],
  ])("of %s is fine and costs nothing", async (_what, text) => {
    const fields = { token: text, client_id: agent.clientId };
    expect((await submit(t, "/oauth/revoke", fields)).status).toBe(200);
    expect(calls).toEqual([]);
    expect(await works(key)).toBe(true);
  });

  test("by another client changes nothing; without a token it is an error", async () => {
    const client_id = await newClient(t, { redirect_uris: ["http://localhost/x"] });
    const fields = { token: agent.tokens.refresh_token, client_id };
    expect((await submit(t, "/oauth/revoke", fields)).status).toBe(200);
    expect(await works(agent.tokens.access_token)).toBe(true);
    const none = await submit(t, "/oauth/revoke", { client_id });
    expect(told(none)).toEqual([400, "invalid_request"]);
  });
});
