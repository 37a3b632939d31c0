/** The whole way of a client and a person, and what each step asks of Convex. */
import { beforeEach, describe, expect, test } from "vitest";
import { counting, newApp } from "../support/app";
import { callTool, issueKey, listTools, newServer, rows, rpc, SITE_URL } from "../support/gate";
import {
  ask,
  CLAUDE,
  connectAgent,
  consent,
  fieldOf,
  newClient,
  newFlow,
  open,
  ownPage,
  redemption,
  refresh,
  submit,
  token,
  type Tokens,
} from "../support/connect";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
const { key, keyId } = await issueKey(t);

beforeEach(() => {
  calls.length = 0;
});

describe("a client on loopback", () => {
  test("registers, sends a person to consent, redeems, calls, refreshes, revokes: one call a step", async () => {
    const clientId = await newClient(t);
    const flow = await newFlow(t, { clientId });
    const page = await open(t, flow);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    expect(calls.splice(0)).toEqual([]);

    const { status, to } = await consent(t, fieldOf(page, "request"), { key });
    expect(status).toBe(303);
    expect(to!.origin + to!.pathname).toBe(flow.redirectUri);
    expect([...to!.searchParams.keys()]).toEqual(["code", "state", "iss"]);
    expect(to!.searchParams.get("state")).toBe(flow.state);
    expect(to!.searchParams.get("iss")).toBe(SITE_URL);
    expect(calls.splice(0)).toEqual(["toolgate/connect:approve"]);

    const redeemed = await token(t, redemption(flow, to!.searchParams.get("code")!));
    expect(redeemed.status).toBe(200);
    expect(Object.fromEntries(redeemed.headers)).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
    expect(redeemed.json).toEqual({
      access_token: expect.stringMatching(/^cvxmcp_at_/) as string,
      refresh_token: expect.stringMatching(/^cvxmcp_rt_/) as string,
      ...{ token_type: "Bearer", expires_in: 43200, scope: "mcp:read mcp:write offline_access" },
    });
    expect(calls.splice(0)).toEqual(["toolgate/connect:token"]);
    const tokens = redeemed.json as unknown as Tokens;

    expect((await rpc(t, tokens.access_token, "ping")).status).toBe(200);
    expect(calls.splice(0)).toEqual(["toolgate/gate:admit"]);

    const next = (await refresh(t, flow, tokens.refresh_token)).json as unknown as Tokens;
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(calls.splice(0)).toEqual(["toolgate/connect:token"]);

    const fields = { token: next.refresh_token, client_id: clientId };
    expect((await submit(t, "/oauth/revoke", fields)).status).toBe(200);
    expect(calls.splice(0)).toEqual(["toolgate/connect:revoke"]);
    for (const each of [tokens, next])
      expect((await rpc(t, each.access_token, "ping")).status).toBe(401);
    expect((await refresh(t, flow, next.refresh_token)).json.error).toBe("invalid_grant");
    expect((await rpc(t, key, "ping")).status).toBe(200);
  });

  test("calls a tool with its token in as many calls as with a key", async () => {
    const { tokens } = await connectAgent(t, key);
    const spent = async (secret: string) => {
      calls.length = 0;
      await callTool(t, secret, "customers_search");
      return [...calls];
    };
    expect(await spent(tokens.access_token)).toEqual(await spent(key));
  });
});

test("a pinned client comes by its URL alone, and no document is looked up", async () => {
  const { tokens } = await connectAgent(t, key, CLAUDE);
  expect(calls.filter((name) => name.includes("ocument"))).toEqual([]);
  expect((await rpc(t, tokens.access_token, "ping")).status).toBe(200);
  const row = (await rows(t, "toolgateGrants")).at(-1)!;
  expect(row).toMatchObject({
    keyId,
    client: { id: CLAUDE.clientId, host: "claude.ai", verified: true },
  });
});

describe("what the person chooses", () => {
  test("read only hides what writes, whatever was asked", async () => {
    const all = await listTools(t, key);
    const { tokens } = await connectAgent(t, key, { access: "read" });
    expect(tokens.scope).toBe("mcp:read offline_access");
    const some = await listTools(t, tokens.access_token);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
  });

  test.each([
    [undefined, "all"],
    ["", "all"],
    ["mcp:read", "read"],
    ["mcp:read offline_access", "read"],
    ["mcp:read mcp:write offline_access", "all"],
    ["mcp:write", "all"],
    ["openid profile", "all"],
    ["offline_access", "all"],
  ])("the page starts with what the scope %j asks for: %s", async (scope, access) => {
    const page = await open(t, await newFlow(t), { scope });
    const tags = page.text.match(/<input[^>]*name="access"[^>]*>/g) ?? [];
    const checked = tags.filter((tag) => tag.includes(" checked"));
    expect(checked.map((tag) => /value="(\w+)"/.exec(tag)?.[1])).toEqual([access]);
  });

  test("some tools, in a second step that has no key in it", async () => {
    const flow = await newFlow(t);
    const first = await open(t, flow);
    const request = fieldOf(first, "request");
    calls.length = 0;
    const second = await consent(t, request, { key, decision: "choose" });
    expect(calls.splice(0)).toEqual(["toolgate/connect:prove"]);
    expect(second.status).toBe(200);
    expect(second.text).not.toContain(key);
    expect(second.text).toContain("customers_search");
    const proven = fieldOf(second, "proven");
    const last = await consent(t, request, { proven, tool: ["customers_search", "orders_list"] });
    expect(calls.splice(0)).toEqual(["toolgate/connect:approve"]);
    const got = await token(t, redemption(flow, last.to!.searchParams.get("code")!));
    const some = await listTools(t, (got.json as unknown as Tokens).access_token);
    expect(some.map(({ name }) => name).sort()).toEqual(["customers_search", "orders_list"]);
  });

  test("no tool at all is asked again, and makes no connection", async () => {
    const flow = await newFlow(t);
    const request = fieldOf(await open(t, flow), "request");
    const second = await consent(t, request, { key, decision: "choose" });
    const before = await rows(t, "toolgateGrants");
    const again = await consent(t, request, { proven: fieldOf(second, "proven") });
    expect([again.status, again.text.includes("Choose at least one tool")]).toEqual([200, true]);
    expect(await rows(t, "toolgateGrants")).toEqual(before);
  });

  test("cancel tells the client, in no call", async () => {
    const flow = await newFlow(t);
    const request = fieldOf(await open(t, flow), "request");
    calls.length = 0;
    const { status, to } = await consent(t, request, { decision: "cancel", access: undefined });
    expect(status).toBe(303);
    expect(Object.fromEntries(to!.searchParams)).toMatchObject({
      ...{ error: "access_denied", state: flow.state, iss: SITE_URL },
    });
    expect(calls).toEqual([]);
  });
});

describe("the app's own page", () => {
  const own = newApp({ connect: { consentPage: "https://app.example.com/connect?lang=en" } });

  test("gets a checked request, and the client an error without it", async () => {
    const flow = await newFlow(own);
    const { status, to } = await open(own, flow);
    expect([status, to!.origin + to!.pathname]).toEqual([303, "https://app.example.com/connect"]);
    expect([...to!.searchParams.keys()]).toEqual(["lang", "request"]);
    const wrong = await open(own, flow, { response_type: "token" });
    expect(wrong.to!.origin).toBe("http://127.0.0.1:4711");
  });
});

test("another prefix moves the endpoints, and leaves nothing behind", async () => {
  const moved = newApp({ connect: { prefix: "/connect" } });
  expect((await ask(moved, "/connect/authorize")).status).toBe(400);
  expect((await ask(moved, "/oauth/authorize")).status).toBe(404);
  const { headers } = await submit(moved, "/connect/authorize", {}, ownPage);
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
});
