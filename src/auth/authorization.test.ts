/** A signed authorization request: what a person decides on is what the client asked for, for ten minutes. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  codeOf,
  openAuthorization,
  redirectTo,
  REQUEST_MS,
  sealAuthorization,
  type Asked,
} from "./authorization";
import type { Pepper } from "./pepper";
import { openToken } from "./token";

const one: Pepper = { id: "one", secret: "1".repeat(32) };
const two: Pepper = { id: "two", secret: "2".repeat(32) };

const asked: Asked = {
  client: {
    id: "https://a.example/c",
    name: "Klient \u{1f4e6}",
    host: "a.example",
    verified: true,
  },
  redirectUri: "https://a.example/callback?keep=1",
  state: "s & t",
  challenge: "c".repeat(43),
  access: "read",
};

beforeEach(() => vi.stubEnv("CONVEX_SITE_URL", "https://a.convex.site"));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test("it opens as it was asked, with an id of its own each time", async () => {
  const [first, second] = [
    await sealAuthorization([one], asked),
    await sealAuthorization([one], asked),
  ];
  const opened = await openAuthorization([two, one], first);
  expect(opened).toMatchObject(asked);
  expect(opened!.id).toMatch(/^[0-9A-Za-z]{16}$/);
  expect((await openAuthorization([one], second))!.id).not.toBe(opened!.id);
});

test("it opens whatever its length", async () => {
  for (const state of ["", "a", "ab", "abc", "abcd"]) {
    const sealed = await sealAuthorization([one], { ...asked, state });
    expect(await openAuthorization([one], sealed)).toMatchObject({ state });
  }
});

test("it fits a URL and a form as it is", async () => {
  expect(await sealAuthorization([one], asked)).toMatch(/^[\w.-]+$/);
});

test("it is over after ten minutes", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const sealed = await sealAuthorization([one], asked);
  vi.advanceTimersByTime(REQUEST_MS - 1);
  expect(await openAuthorization([one], sealed)).toBeDefined();
  vi.advanceTimersByTime(1);
  expect(await openAuthorization([one], sealed)).toBeUndefined();
});

test("no change goes unseen, and another deployment does not take it", async () => {
  const sealed = await sealAuthorization([one], asked);
  for (let at = 0; at < sealed.length; at += 3) {
    const put = sealed.charAt(at) === "A" ? "B" : "A";
    const changed = sealed.slice(0, at) + put + sealed.slice(at + 1);
    expect(await openAuthorization([one], changed)).toBeUndefined();
  }
  expect(await openAuthorization([two], sealed)).toBeUndefined();
  vi.stubEnv("CONVEX_SITE_URL", "https://b.convex.site");
  expect(await openAuthorization([one], sealed)).toBeUndefined();
});

test("approved twice, it gives the same code, and only the pepper makes that code", async () => {
  const opened = (await openAuthorization([one], await sealAuthorization([one], asked)))!;
  const [first, again] = [await codeOf([one], opened), await codeOf([one], opened)];
  expect(again).toEqual(first);
  const [grantId, secret] = (await openToken([one], "ac", first.code))!;
  expect(grantId).toBe(opened.id);
  expect(first.codeHash).not.toContain(secret);
  expect((await codeOf([two], opened)).code).not.toBe(first.code);
  expect((await codeOf([one], { ...opened, nonce: "other" })).code).not.toBe(first.code);
});

test("the way back keeps the client's own query and says who issued the answer", () => {
  const url = new URL(redirectTo(asked, { code: "x&y" }));
  expect(url.origin + url.pathname).toBe("https://a.example/callback");
  expect([...url.searchParams]).toEqual([
    ...[
      ["keep", "1"],
      ["code", "x&y"],
      ["state", "s & t"],
    ],
    ["iss", "https://a.convex.site"],
  ]);
  const { state: _state, ...without } = asked;
  expect(redirectTo(without, { error: "access_denied" })).not.toContain("state=");
});
