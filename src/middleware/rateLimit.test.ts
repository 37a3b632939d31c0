/** rateLimit alone: whose tokens a verdict from further in takes. */
import { beforeEach, expect, test } from "vitest";
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
