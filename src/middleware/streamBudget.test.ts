/** streamBudget alone: who gets a lease, and how it is renewed and given back. */
import { beforeEach, expect, test, vi } from "vitest";
import { newBackend, rows, type Backend } from "../../test/support/gate";
import type { GateTx } from "../data/database";
import type { CallClaim, Verdict } from "./guard";
import { renewStreamLease, streamBudget } from "./streamBudget";

const guard = streamBudget({ perKey: 2, perDeployment: 3 });
const caller = (keyId: string) => ({ subject: "s", tenant: "acme", role: "clerk", keyId });

let t: Backend;
beforeEach(() => {
  t = newBackend();
});

const decide = (keyId: string, wantsStreamLease = true, inner: Partial<Verdict> = {}) =>
  t.run(async (ctx) =>
    guard.decide(
      ctx as unknown as GateTx,
      { call: { method: "x", protocol: "x", wantsStreamLease } } as CallClaim,
      async () => ({ context: { principal: caller(keyId) }, ...inner }),
    ),
  ) as Promise<Verdict<{ streamLease: string }>>;

test("a call that stays open gets a lease, up to the key's own limit", async () => {
  expect((await decide("a")).context.streamLease).toBeDefined();
  await decide("a");
  expect((await decide("a")).refusal).toMatchObject({ kind: "stream_limit", retryAfter: 15 });
  expect((await decide("b")).refusal).toBeUndefined();
});

test("all keys together have a limit too", async () => {
  for (const key of ["a", "b", "c"]) await decide(key);
  const { refusal } = await decide("d");
  expect(refusal).toMatchObject({ message: expect.stringContaining("all keys") as string });
});

test.each<[string, boolean, Partial<Verdict>]>([
  ["a call that is answered at once", false, {}],
  ["a call that is refused further in", true, { refusal: { kind: "task_only" } }],
  ["a caller without a principal", true, { context: {} }],
])("%s takes none", async (_what, wants, inner) => {
  await decide("a", wants, inner);
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("a lease that is not renewed ends by itself; one that is given back is gone", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await decide("a");
  await decide("a");
  vi.setSystemTime(Date.now() + 45_000);
  expect((await decide("a")).refusal).toBeUndefined();
  vi.useRealTimers();
  const [first] = await rows(t, "toolgateStreamLeases");
  const renew = (open: boolean) =>
    t.run(async (ctx) =>
      renewStreamLease.handler(ctx as unknown as GateTx, { streamLease: first!._id, open }),
    );
  await renew(true);
  expect((await rows(t, "toolgateStreamLeases"))[0]!.expiresAt).toBeGreaterThan(Date.now());
  await renew(false);
  expect((await rows(t, "toolgateStreamLeases")).map(({ _id }) => _id)).not.toContain(first!._id);
  // A second time there is nothing to give back.
  expect(await renew(false)).toBeNull();
});
