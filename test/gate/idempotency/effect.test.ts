/**
 * The same idempotency key has one effect and one answer, however often the call is repeated, and a failed call has none.
 *
 * @spec draft-ietf-httpapi-idempotency-key-header-07
 */
import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalMutation } from "../../../convex/_generated/server";
import * as customers from "../../../convex/erp/customers";
import { principalValidator } from "../../../src/data/principal";
import { newBackend, rows } from "../../support/gate";
import {
  customer,
  effects,
  serveFrom,
  isReplay,
  resultOf,
  send,
  t,
  textOf,
  withoutMark,
} from "./customers";

const HOUR = 60 * 60 * 1000;

test("50 keys, 20 parallel duplicates of each: 50 effects, and 20 equal answers to each", async () => {
  // A new key starts with the burst of scale 1, so that the first second would refuse some (see limits.test.ts).
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + HOUR });
  const calls = Array.from({ length: 50 }, (_, index) => ({
    ...customer(),
    idempotencyKey: `parallel-${String(index)}`,
  }));
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => calls.map((args) => send({ args }))).flat(),
  );
  expect(await effects()).toBe(50);
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  for (const [index, { email }] of calls.entries()) {
    const own = replies.filter((_, at) => at % 50 === index);
    expect(own.filter(isReplay)).toHaveLength(19);
    for (const reply of own) {
      expect(withoutMark(reply)).toEqual(withoutMark(own[0]!));
      expect(resultOf(reply).structuredContent?.email).toBe(email);
    }
  }
  const outcomes = (await rows(t, "toolgateAudit")).map(
    ({ outcome, method }) => `${method} ${outcome}`,
  );
  expect(outcomes.filter((line) => line === "tools/call succeeded")).toHaveLength(50);
  expect(outcomes.filter((line) => line === "tools/call replayed")).toHaveLength(950);
}, 60_000);

describe("a failed call", () => {
  test("is not kept: the next one with the key may succeed", async () => {
    const args = customer();
    const first = await send({ args });
    const retry = { args, header: "failed-123" };
    expect(textOf(await send(retry))).toMatch(/^email_taken: /);
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    await t.run((ctx) => ctx.db.delete(resultOf(first).structuredContent!.id as never));
    expect(resultOf(await send(retry)).isError).toBeUndefined();
    expect(isReplay(await send(retry))).toBe(true);
  });

  test("with bad arguments is not kept", async () => {
    await send({ args: {}, header: "failed-123" });
    expect(
      resultOf(await send({ args: customer(), header: "failed-123" })).isError,
    ).toBeUndefined();
  });
});

test("a result that is too large to send is said to be done, once and when repeated", async () => {
  let runs = 0;
  const create = internalMutation({
    args: { principal: principalValidator(), name: v.string(), email: v.string() },
    returns: v.any(),
    handler: async () => {
      runs++;
      return { text: "x".repeat(256 * 1024) };
    },
  });
  const server = newBackend({
    "../../convex/erp/customers.ts": () => Promise.resolve({ ...customers, create }),
  });
  const acme = { slug: "acme", name: "Acme", currency: "EUR" };
  await server.mutation(internal.erp.tenants.create, acme);
  await serveFrom(server);
  const sent = { args: customer(), header: "large-1234" };
  const first = resultOf(await send(sent));
  expect(first).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^Done and recorded, .* Do not call again/) }],
  });
  expect(resultOf(await send(sent)).content).toEqual(first.content);
  expect(runs).toBe(1);
  const outcomes = (await rows(t, "toolgateAudit")).map(({ outcome }) => outcome);
  expect(outcomes.slice(-2)).toEqual(["succeeded", "replayed"]);
  for (const { result } of await rows(t, "toolgateIdempotency")) expect(result).toBeUndefined();
});
