/** The page of consent against whoever frames it, asks for it by another method, or puts something into it. */
import { describe, expect, test, vi } from "vitest";
import {
  ask,
  consent,
  encode,
  newClient,
  newFlow,
  open,
  REDIRECT,
  type Answer,
} from "../support/connect";
import { newConsent, FOREIGN } from "./consenting";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const { calls, t, key, flow, request } = await newConsent();

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
