/** The form of consent against whoever sends it from another page, or forges it. */
import { describe, expect, test, vi } from "vitest";
import { SITE_URL } from "../support/gate";
import { consent, fieldOf, newFlow, open, ownPage, submit } from "../support/connect";
import { newConsent, FOREIGN } from "./consenting";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const { calls, t, key, keyId, flow, request } = await newConsent();

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
