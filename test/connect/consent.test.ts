/** The page on which a person consents, against whoever frames it, forges its form, or puts something into it. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { mintKey } from "../../src/auth/keyFormat";
import { counting, newApp } from "../support/app";
import { issueKey, newServer, rows, rpc, SITE_URL } from "../support/gate";
import {
  ask,
  consent,
  encode,
  fieldOf,
  newClient,
  newFlow,
  open,
  ownPage,
  redemption,
  REDIRECT,
  submit,
  token,
  type Answer,
} from "../support/connect";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
const { key, keyId } = await issueKey(t);
const flow = await newFlow(t);
const request = fieldOf(await open(t, flow), "request");

beforeEach(() => {
  calls.length = 0;
});

const FOREIGN = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

const expectSafe = ({ headers }: Pick<Answer, "headers">): void => {
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
  });
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/form-action|unsafe|script-src|\*/);
  for (const name of ["access-control-allow-origin", "set-cookie"])
    expect(headers.has(name)).toBe(false);
};

describe("every page has the headers that keep it from being framed, cached and read", () => {
  test.each<[string, () => Promise<Answer>, number]>([
    ["the page", () => open(t, flow), 200],
    ["an unknown client", () => open(t, flow, { client_id: "x" }), 400],
    ["a foreign redirect", () => open(t, flow, { redirect_uri: "https://evil.example" }), 400],
    ["nothing at all", () => ask(t, "/oauth/authorize"), 400],
    ["a wrong key", () => consent(t, request, { key: "x" }), 200],
    ["the second step", () => consent(t, request, { key, decision: "choose" }), 200],
    ["a request that is not ours", () => consent(t, "x.y", { key }), 400],
    ["a form of another page", () => consent(t, request, { key }, FOREIGN), 400],
  ])("%s", async (_what, get, status) => {
    const answer = await get();
    expect(answer.status).toBe(status);
    expectSafe(answer);
    expect(answer.text).not.toMatch(/<script|\son\w+=|<iframe|<base/i);
  });
});

describe("a form that another page sends is refused, in no call", () => {
  test.each<[string, Record<string, string>]>([
    ["another site", FOREIGN],
    ["another site, and no origin", { "sec-fetch-site": "cross-site" }],
    ["a sibling on our site", { origin: "https://x.convex.site", "sec-fetch-site": "same-site" }],
    ["same-site alone", { "sec-fetch-site": "same-site" }],
    ["another origin, by an old browser", { origin: "https://evil.example" }],
    ["an origin that hides itself", { origin: "null" }],
    ["a hidden origin across sites", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["a hidden origin of no site", { origin: "null", "sec-fetch-site": "none" }],
    ["our origin, across sites", { origin: SITE_URL, "sec-fetch-site": "cross-site" }],
    ["http", { origin: "http://some.convex.site" }],
    ["another port", { origin: "https://some.convex.site:8443" }],
    ["a subdomain", { origin: "https://x.some.convex.site" }],
    ["a suffix", { origin: "https://some.convex.site.evil.example" }],
    ["a slash at the end", { origin: `${SITE_URL}/` }],
    ["capitals", { origin: "https://SOME.convex.site" }],
    ["two origins", { origin: `${SITE_URL}, https://evil.example` }],
    ["a foreign origin that says same-origin", { ...FOREIGN, "sec-fetch-site": "same-origin" }],
    ["a word that is none", { "sec-fetch-site": "sideways" }],
    ["localhost", { origin: "http://localhost:3000" }],
    ["an extension", { origin: "chrome-extension://abcdef" }],
    ["nothing in origin", { origin: "" }],
  ])("%s", async (_what, headers) => {
    for (const fields of [{ key }, { decision: "cancel" }]) {
      const { status, to } = await consent(t, request, fields, headers);
      expect([status, to]).toEqual([400, undefined]);
    }
    expect(calls).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["a browser of today", ownPage],
    ["an older one", { origin: SITE_URL }],
    ["one that hides the origin", { origin: "null", "sec-fetch-site": "same-origin" }],
    ["a reload", { "sec-fetch-site": "none" }],
    ["a program", {}],
  ])("that of our own page is taken from %s", async (_what, headers) => {
    expect((await consent(t, request, { decision: "cancel" }, headers)).status).toBe(303);
  });

  test("on this machine all its names are one", async () => {
    vi.stubEnv("CONVEX_SITE_URL", "http://127.0.0.1:3211");
    const local = await newFlow(t);
    const sealed = fieldOf(await open(t, local, { resource: undefined }), "request");
    const send = (origin: string) => consent(t, sealed, { decision: "cancel" }, { origin });
    expect((await send("http://localhost:3211")).status).toBe(303);
    expect((await send("http://localhost:3000")).status).toBe(400);
    expect((await send("https://localhost:3211")).status).toBe(400);
    vi.unstubAllEnvs();
  });
});

describe("a form that cannot be right is refused, in no call and without a redirect", () => {
  test.each<[string, Parameters<typeof submit>[2], number]>([
    ["no request", { request: undefined }, 400],
    ["an empty request", { request: "" }, 400],
    ["two requests", { request: [request, request] }, 400],
    ["a made-up request", { request: "eyJ9.AAAA" }, 400],
    ["a request without a signature", { request: request.split(".")[0] }, 400],
    ["a longer request", { request: `${request}x` }, 400],
    ["a key for a request", { request: key }, 400],
    ["no decision", { decision: undefined }, 400],
    ["an unknown decision", { decision: "maybe" }, 400],
    ["two decisions", { decision: ["cancel", "allow"] }, 400],
    ["no access", { access: undefined }, 400],
    ["an unknown access", { access: "admin" }, 400],
    ["two accesses", { access: ["read", "all"] }, 400],
    ["two keys", { key: [key, key] }, 400],
    ["a made-up proof", { key: undefined, proven: "x.y" }, 400],
    ["a proof of an id alone", { key: undefined, proven: `${keyId}.AAAA` }, 400],
    ["two proofs", { key: undefined, proven: ["a", "b"] }, 400],
    ["more than 16 KiB", { more: "x".repeat(16 * 1024) }, 413],
  ])("%s", async (_what, changes, expected) => {
    const fields = { request, access: "all", decision: "allow", key, ...changes };
    const { status, to } = await submit(t, "/oauth/authorize", fields, ownPage);
    expect([status, to]).toEqual([expected, undefined]);
    expect(calls).toEqual([]);
  });

  test("each flipped bit of the request", async () => {
    for (let at = 0; at < request.length; at += 3) {
      const sign = String.fromCharCode(request.charCodeAt(at) ^ (1 << (at % 7)));
      const flipped = request.slice(0, at) + sign + request.slice(at + 1);
      expect((await consent(t, flipped, { key })).status).toBe(400);
    }
    expect(calls).toEqual([]);
  });

  test("JSON, or a form of another type", async () => {
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
      const headers = { ...ownPage, "content-type": type };
      expect((await consent(t, request, { key }, headers)).status).toBe(400);
    }
    expect(calls).toEqual([]);
  });

  test("a request that is ten minutes old, whatever is decided", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const old = fieldOf(await open(t, flow), "request");
    vi.advanceTimersByTime(10 * 60_000);
    for (const fields of [{ key }, { decision: "cancel" }, { key, decision: "choose" }]) {
      const { status, to } = await consent(t, old, fields);
      expect([status, to]).toEqual([400, undefined]);
    }
    vi.useRealTimers();
    expect(calls).toEqual([]);
  });

  test("the proof of another request", async () => {
    const second = await consent(t, request, { key, decision: "choose" });
    const other = fieldOf(await open(t, flow), "request");
    calls.length = 0;
    const fields = { proven: fieldOf(second, "proven"), tool: ["orders_list"] };
    expect((await consent(t, other, fields)).status).toBe(400);
    expect(calls).toEqual([]);
  });
});

describe("a key that is not right shows the page again", () => {
  const flipped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;

  test.each<[string, string | undefined]>([
    ["none", undefined],
    ["an empty one", ""],
    ["spaces", "   "],
    ["text", "hello"],
    ["a wrong checksum", flipped],
    ["half a key", key.slice(0, 30)],
    ["a key in quotes", `"${key}"`],
    ["a key with Bearer", `Bearer ${key}`],
    ["two keys in one", `${key}${key}`],
    ["a refresh token", "cvxmcp_rt_aaaa.bbbb"],
    ["the key's id", keyId],
    ["markup", "<script>alert(1)</script>"],
  ])("%s: 200, no call, and nothing of it on the page", async (_what, wrong) => {
    for (const decision of ["allow", "choose"]) {
      const answer = await consent(t, request, { key: wrong, decision });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('role="alert"');
      expect(fieldOf(answer, "request")).toBe(request);
      if ((wrong ?? "").trim().length > 3) expect(answer.text).not.toContain(wrong);
    }
    expect(calls).toEqual([]);
  });

  test("unknown and revoked ones read alike, cost one call, and are counted", async () => {
    const unknown = (await mintKey("live")).key;
    const gone = await issueKey(t);
    await t.run(async ({ db }) => {
      const row = (await db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === gone.keyId,
      )!;
      await db.patch(row._id, { revokedAt: Date.now() });
    });
    const texts = new Set<string>();
    for (const wrong of [unknown, gone.key]) {
      calls.length = 0;
      const answer = await consent(t, request, { key: wrong });
      expect([answer.status, calls]).toEqual([200, ["toolgate/connect:approve"]]);
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
    const denied = (await rows(t, "toolgateAudit")).filter(
      ({ method, outcome }) => method === "oauth/approve" && outcome === "denied",
    );
    expect(denied.length).toBeGreaterThanOrEqual(2);
  });

  test("what was chosen before stays chosen", async () => {
    const { text } = await consent(t, request, { key: "x", access: "read" });
    const tag = (text.match(/<input[^>]*name="access"[^>]*>/g) ?? []).find((one) =>
      one.includes(" checked"),
    );
    expect(tag).toContain('value="read"');
  });

  test("spaces around a good key do not matter", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    expect((await consent(t, sealed, { key: ` ${key}\n` })).status).toBe(303);
  });
});

test("the second step of a read-only key says so, offers only what reads, and gives no more", async () => {
  const reader = await issueKey(t, { readOnly: true });
  const one = await newFlow(t);
  const sealed = fieldOf(await open(t, one), "request");
  const second = await consent(t, sealed, { key: reader.key, decision: "choose" });
  expect(second.text).toContain("It is read only: what connects can change nothing.");
  expect([fieldOf(second, "access"), second.text.includes('value="orders_confirm"')]).toEqual([
    ...["read", false],
  ]);
  const wanted = { proven: fieldOf(second, "proven"), tool: ["orders_list", "orders_confirm"] };
  const { to } = await consent(t, sealed, { ...wanted, access: "all" });
  const { json } = await token(t, redemption(one, to?.searchParams.get("code") ?? ""));
  expect(json.scope).toBe("mcp:read offline_access");
  const { text } = await rpc(t, json.access_token as string, "tools/list");
  expect([text.includes("orders_list"), text.includes("orders_confirm")]).toEqual([true, false]);
});

describe("the same form again", () => {
  test("twice gives the same code and one connection; after the redemption it is used up", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    const before = (await rows(t, "toolgateGrants")).length;
    const answers = await Promise.all([1, 2, 3].map(() => consent(t, sealed, { key })));
    expect(new Set(answers.map(({ to }) => to?.href)).size).toBe(1);
    expect((await rows(t, "toolgateGrants")).length).toBe(before + 1);
    const code = answers[0]!.to!.searchParams.get("code")!;
    const got = await token(t, redemption(one, code));
    // Back, and once more.
    const again = await consent(t, sealed, { key });
    expect([again.status, again.to]).toEqual([400, undefined]);
    expect((await rpc(t, got.json.access_token as string, "ping")).status).toBe(200);
  });

  test("cancelled, then back and allowed, is allowed", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    expect((await consent(t, sealed, { decision: "cancel" })).status).toBe(303);
    const allowed = await consent(t, sealed, { key });
    expect(allowed.to!.searchParams.has("code")).toBe(true);
  });

  test("two pages of one link are two connections", async () => {
    const one = await newFlow(t);
    const codes = new Set<string | null | undefined>();
    for (const page of [await open(t, one), await open(t, one)]) {
      const { to } = await consent(t, fieldOf(page, "request"), { key });
      codes.add(to?.searchParams.get("code"));
    }
    expect(codes.size).toBe(2);
  });
});

describe("a client's name on the page is a text and no more", () => {
  test.each<[string, unknown]>([
    ["a script", "<script>alert(1)</script>"],
    ["an image", '"><img src=x onerror=alert(1)>'],
    ["an attribute", "' onmouseover='alert(1)"],
    ["the end of the title", "</title><script>alert(1)</script>"],
    ["a comment", "<!--"],
    ["an entity", "&lt;script&gt;"],
    ["right to left", "\u202egpj.exe\u202d"],
    ["isolates", "\u2067x\u2069\u2066"],
    ["zero width", "Cl\u200bau\u200cde\ufeff"],
    ["control characters", "a\u0000b\u001b[31m\u0007"],
    ["line breaks", "Claude\r\n\r\nAnthropic"],
    ["10,000 characters", "x".repeat(10_000)],
    ["10,000 marks on one letter", `a${"\u0301".repeat(10_000)}`],
    ["half a surrogate pair", "a\ud800"],
    ["a style", "<style>*{display:none}</style>"],
    ["a template", "${7*7}{{7*7}}"],
    ["no text", 7],
    ["an object", { toString: "x" }],
    ["nothing", ""],
  ])("%s", async (_what, client_name) => {
    const clientId = await newClient(t, { client_name, redirect_uris: [REDIRECT] });
    const answer = await open(t, await newFlow(t, { clientId }));
    expect(answer.status).toBe(200);
    expectSafe(answer);
    expect(answer.text).not.toMatch(/<script|<img[^>]*onerror|<style>\*|\sonmouseover='/i);
    expect(answer.text).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/,
    );
    expect(answer.text.length).toBeLessThan(12_000);
    expect(answer.text.indexOf("127.0.0.1")).toBeGreaterThan(0);
  });
});

describe("methods", () => {
  test.each(["PUT", "PATCH", "DELETE"])("%s is refused, and told what works", async (method) => {
    const { status, headers } = await ask(t, "/oauth/authorize", { method });
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
  });

  test("a preflight of another page gets no leave", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const answer = await ask(t, "/oauth/authorize", { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    for (const [name] of answer.headers) expect(name).not.toMatch(/^access-control/);
  });

  test("HEAD asks nothing of Convex, not even for a client whose document is unknown", async () => {
    vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", "*");
    const query = encode({ ...flow.query, client_id: "https://some.example.org/client.json" });
    const { status } = await ask(t, `/oauth/authorize?${query}`, { method: "HEAD" });
    expect([status, calls]).toEqual([200, []]);
    vi.unstubAllEnvs();
  });
});
