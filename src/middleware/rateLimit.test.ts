/** rateLimit alone: whose tokens a verdict from further in takes. */
import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { newBackend, rows, type Backend } from "../../test/support/gate";
import type { Refusal } from "../data/refusal";
import type { Tool } from "../registry/tools";
import type { CallClaim, Verdict } from "./guard";
import { rateLimit } from "./rateLimit";

const principal = { subject: "s", tenant: "acme", role: "clerk", keyId: "k" };
const invalid: Refusal = { kind: "invalid_key", reason: "wrong_secret", keyId: "k" };

let t: Backend;
beforeEach(() => {
  t = newBackend();
});

type Sees = Verdict<{ principal: typeof principal }>;

const decide = (inner: Sees, tool?: Pick<Tool, "kind">, scale = "1") =>
  t.run(async (ctx) => {
    const verdict = await rateLimit({ scale: () => scale }).decide(
      ctx,
      { call: { method: "x", protocol: "x" }, args: {}, named: undefined, tool } as CallClaim,
      async () => inner,
    );
    // A function does not leave a transaction.
    return { ...verdict, refund: undefined };
  }) as Promise<Verdict>;

/** The tokens that are gone, by the name of the bucket. */
const spent = async () =>
  Object.fromEntries((await rows(t, "toolgateBuckets")).map(({ name, tokens }) => [name, tokens]));

test("a proven key pays with a token of its own and one of its tenant", async () => {
  expect(await decide({ context: { principal } })).toEqual({ context: { principal } });
  expect(await spent()).toEqual({ "key:k": 16 - 1, "tenant:acme": 25 - 1 });
});

test("a write costs the key four, and a refused one costs it one", async () => {
  await decide({ context: { principal } }, { kind: "mutation" });
  expect(await spent()).toMatchObject({ "key:k": 16 - 4 });
  t = newBackend();
  const refusal: Refusal = { kind: "constraint", problems: [] };
  expect(await decide({ context: { principal }, refusal }, { kind: "mutation" })).toMatchObject({
    refusal,
  });
  expect(await spent()).toMatchObject({ "key:k": 16 - 1 });
});

test("a key that is not proven pays nothing: its failures are counted apart", async () => {
  expect(await decide({ context: {}, refusal: invalid })).toMatchObject({ unrecorded: false });
  expect(Object.keys(await spent())).toEqual(["failure:k"]);
});

test("when failures pour in, they stay refused and are written down no more", async () => {
  const verdicts = [];
  for (let i = 0; i < 15; i++) verdicts.push(await decide({ context: {}, refusal: invalid }));
  expect(verdicts.map(({ refusal }) => refusal)).toEqual(verdicts.map(() => invalid));
  expect(verdicts.filter(({ unrecorded }) => unrecorded === true)).toHaveLength(5);
});

test("a key without tokens is refused with when to come back", async () => {
  let last: Verdict = { context: {} };
  for (let i = 0; i < 300 && last.refusal === undefined; i++)
    last = await decide({ context: { principal } });
  expect(last).toMatchObject({
    refusal: { kind: "rate_limit", policy: "key", retryAfter: 6 },
    context: { principal },
  });
});

test.each(["", "0", "-1", "x", "Infinity"])("a scale of %j counts as 1", async (scale) => {
  await decide({ context: { principal } }, undefined, scale);
  expect(await spent()).toMatchObject({ "key:k": 16 - 1 });
});

const kinds = ["query", "mutation", "minor"] as const;
const who = { a: "acme", b: "acme", c: "globex" } as const;

const ask = (keyId: keyof typeof who, kind: (typeof kinds)[number], scale: string) =>
  t.run(async (ctx) => {
    const tool = kind === "minor" ? undefined : { kind };
    const minor = kind === "minor" ? { minor: "handshake" } : {};
    const claim = { call: { method: "x", protocol: "x", ...minor }, args: {}, tool } as CallClaim;
    const context = { principal: { ...principal, keyId, tenant: who[keyId] } };
    const { refusal } = await rateLimit({ scale: () => scale }).decide(ctx, claim, () =>
      Promise.resolve({ context }),
    );
    return refusal?.kind === "rate_limit" ? refusal : null;
  });

test("whatever flooded before, Retry-After is right, and one tenant's flood is not another's", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2030, 0, 1) });
  const key = fc.constantFrom("a", "b");
  const flood = fc.record({
    key,
    kind: fc.constantFrom(...kinds),
    count: fc.integer({ min: 1, max: 40 }),
    pauseMs: fc.nat(4_000),
  });
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("0.05", "0.1", "0.2"),
      fc.array(flood, { minLength: 1, maxLength: 6 }),
      key,
      fc.constantFrom(...kinds),
      async (scale, floods, last, kind) => {
        t = newBackend();
        for (const { key: flooding, kind: of, count, pauseMs } of floods) {
          for (let i = 0; i < count; i++) await ask(flooding, of, scale);
          vi.setSystemTime(Date.now() + pauseMs);
        }
        expect(await ask("c", "mutation", scale)).toBeNull();
        const refusal = await ask(last, kind, scale);
        if (refusal === null) return;
        refusals++;
        vi.setSystemTime(Date.now() + refusal.retryAfter * 1000);
        expect(await ask(last, kind, scale)).toBeNull();
      },
    ),
    { numRuns: 40 },
  );
  expect(refusals).toBeGreaterThan(0);
  vi.useRealTimers();
});
