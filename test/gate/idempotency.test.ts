/**
 * The same idempotency key has one effect and one answer, whoever repeats it, however often, and for two days.
 *
 * @spec draft-ietf-httpapi-idempotency-key-header-07
 */
import { v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalMutation } from "../../convex/_generated/server";
import * as customers from "../../convex/erp/customers";
import { principalValidator } from "../../src/data/principal";
import {
  issueKey,
  newBackend,
  newServer,
  post,
  rows,
  type Backend,
  type Reply,
  type ToolResult,
} from "../support/gate";

const HOUR = 60 * 60 * 1000;
const REPLAYED = "toolgate/replayed";
const META = "toolgate/idempotencyKey";

let t: Backend;
let key: string;

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "10000");
  t = await newServer();
  ({ key } = await issueKey(t));
});

afterEach(() => {
  vi.useRealTimers();
});

interface Sent {
  readonly args: object;
  readonly meta?: object;
  readonly header?: string;
  readonly tool?: string;
  readonly as?: string;
}

const send = ({ args, meta, header, tool = "customers_create", as = key }: Sent): Promise<Reply> =>
  post(
    t,
    as,
    {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: tool, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
    },
    header === undefined ? {} : { "idempotency-key": header },
  );

const resultOf = ({ json }: Reply) => json.result as unknown as ToolResult;
const isReplay = (reply: Reply) => resultOf(reply)._meta?.[REPLAYED] === true;
const textOf = (reply: Reply) => resultOf(reply).content[0]!.text;
const withoutMark = (reply: Reply) => {
  const { _meta, ...rest } = resultOf(reply);
  return rest;
};

let made = 0;
const customer = () => ({ name: "Ada", email: `ada${String(++made)}@example.com` });

const effects = async () => (await rows(t, "customers")).length;

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

describe("the key", () => {
  test.each<[string, (args: object, use: string) => Sent]>([
    ["an argument", (args, use) => ({ args: { ...args, idempotencyKey: use } })],
    ["_meta", (args, use) => ({ args, meta: { [META]: use } })],
    ["the header", (args, use) => ({ args, header: use })],
  ])("may come as %s", async (_where, sent) => {
    const args = customer();
    expect(isReplay(await send(sent(args, "where-1234")))).toBe(false);
    expect(isReplay(await send(sent(args, "where-1234")))).toBe(true);
    // All three name the same record.
    expect(isReplay(await send({ args, header: "where-1234" }))).toBe(true);
    expect(await effects()).toBe(1);
  });

  const KEYS = ["first-key-1", "second-key-2", undefined];

  test.each(
    KEYS.flatMap((argument) =>
      KEYS.flatMap((meta) => KEYS.map((header) => [argument, meta, header] as const)),
    ),
  )("argument %s, _meta %s, header %s: different ones are refused", async (...sent) => {
    const [argument, meta, header] = sent;
    const args = customer();
    const keys = new Set(sent.filter((one) => one !== undefined));
    const reply = await send({
      args: { ...args, ...(argument === undefined ? {} : { idempotencyKey: argument }) },
      ...(meta === undefined ? {} : { meta: { [META]: meta } }),
      ...(header === undefined ? {} : { header: `${header}, ${header}` }),
    });
    expect(await effects()).toBe(keys.size > 1 ? 0 : 1);
    const [only] = keys;
    if (keys.size > 1) {
      expect(reply.json.error?.code).toBe(-32602);
      const places = "(argument idempotencyKey|_meta\\[.*\\]|header Idempotency-Key)";
      const message = new RegExp(`${places} and .*${places} are different idempotency keys`);
      expect(reply.json.error?.message).toMatch(message);
    } else if (only !== undefined) expect(isReplay(await send({ args, header: only }))).toBe(true);
  });

  test("null as an argument is none", async () => {
    const args = customer();
    await send({ args: { ...args, idempotencyKey: null }, header: "header-123" });
    expect(isReplay(await send({ args, header: "header-123" }))).toBe(true);
  });

  test.each(["short", "x".repeat(129), "with a space", "ümlauts-1", "line\nbreak", 12345678, {}])(
    "%j as an argument is refused like any other bad argument",
    async (bad) => {
      const reply = await send({ args: { ...customer(), idempotencyKey: bad } });
      expect(resultOf(reply).isError).toBe(true);
      expect(textOf(reply)).toMatch(/^invalid_arguments: idempotencyKey: /);
      expect(await effects()).toBe(0);
    },
  );

  test.each<[Pick<Sent, "meta" | "header">]>([
    [{ header: "short" }],
    [{ header: "with a space" }],
    [{ meta: { [META]: "short" } }],
    [{ meta: { [META]: 12345678 } }],
  ])("%j is refused before anything is done", async (outer) => {
    const { json } = await send({ args: customer(), ...outer });
    expect(json.error?.code).toBe(-32602);
    expect(json.error?.message).toMatch(/idempotency key/);
    expect(await effects()).toBe(0);
  });

  test("is not kept for tools that only read, but must be a good one there too", async () => {
    const read = { tool: "customers_search", args: {} };
    expect(resultOf(await send({ ...read, header: "long-enough" })).isError).toBeUndefined();
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    expect((await send({ ...read, header: "short" })).json.error?.code).toBe(-32602);
  });

  test("is stored as a digest only", async () => {
    await send({ args: customer(), header: "stored-nowhere-1" });
    expect(JSON.stringify(await rows(t, "toolgateIdempotency"))).not.toContain("stored-nowhere-1");
  });
});

describe("another call with the same key", () => {
  test("and other arguments is told so, and does nothing", async () => {
    const args = customer();
    const first = await send({ args, header: "mismatch-1" });
    for (const other of [customer(), { ...args, city: "Turin" }, {}, { ...args, name: "Ad" }]) {
      const reply = await send({ args: other, header: "mismatch-1" });
      expect(resultOf(reply).isError).toBe(true);
      expect(textOf(reply)).toMatch(/^idempotency_mismatch: /);
    }
    expect(await effects()).toBe(1);
    const again = await send({ args, header: "mismatch-1" });
    expect(withoutMark(again)).toEqual(withoutMark(first));
  });

  test("and the same arguments in another order is a repetition", async () => {
    const { name, email } = customer();
    await send({ args: { name, email }, header: "order-1234" });
    expect(isReplay(await send({ args: { email, name }, header: "order-1234" }))).toBe(true);
  });

  test("of another tool is a call of its own", async () => {
    const { structuredContent } = resultOf(await send({ args: customer(), header: "tool-12345" }));
    const args = { customerId: structuredContent!.id, city: "Turin" };
    const update = { tool: "customers_update", args, header: "tool-12345" };
    expect(isReplay(await send(update))).toBe(false);
    expect(isReplay(await send(update))).toBe(true);
  });

  test("of another tenant or subject is a call of its own", async () => {
    const args = customer();
    await send({ args, header: "scope-1234" });
    const globex = await issueKey(t, { tenant: "globex" });
    expect(isReplay(await send({ args, header: "scope-1234", as: globex.key }))).toBe(false);
    const colleague = await issueKey(t);
    const reply = await send({ args, header: "scope-1234", as: colleague.key });
    expect(textOf(reply)).toMatch(/^email_taken: /);
  });

  test("of the same subject by another API key is a repetition", async () => {
    const args = customer();
    const one = await issueKey(t, { subject: "agent-1" });
    const two = await issueKey(t, { subject: "agent-1" });
    await send({ args, header: "subject-123", as: one.key });
    expect(isReplay(await send({ args, header: "subject-123", as: two.key }))).toBe(true);
  });

  test("is a repetition after the API key was rotated", async () => {
    const old = await issueKey(t);
    const args = customer();
    const first = await send({ args, header: "rotation-1", as: old.key });
    const { key: next } = await t.action(internal.toolgate.admin.rotateKey, { keyId: old.keyId });
    const second = await send({ args, header: "rotation-1", as: next });
    expect(isReplay(second)).toBe(true);
    expect(withoutMark(second)).toEqual(withoutMark(first));
    expect((await send({ args, header: "rotation-1", as: old.key })).status).toBe(401);
  });

  test("is refused if the caller has lost the right meanwhile", async () => {
    const sales = await issueKey(t, { role: "sales" });
    const args = customer();
    await send({ args, header: "rights-123", as: sales.key });
    await t.mutation(internal.toolgate.admin.setRole, {
      name: "sales",
      remove: ["customers:create"],
    });
    const { json } = await send({ args, header: "rights-123", as: sales.key });
    expect(json.error?.message).toBe("Unknown tool: customers_create");
  });
});

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

describe("a result is kept for 48 hours", () => {
  const at = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: ms });

  test("and not longer", async () => {
    const start = Date.now() + HOUR;
    at(start);
    const args = customer();
    await send({ args, header: "kept-12345" });
    at(start + 48 * HOUR - 1);
    expect(isReplay(await send({ args, header: "kept-12345" }))).toBe(true);
    at(start + 48 * HOUR);
    expect(textOf(await send({ args, header: "kept-12345" }))).toMatch(/^email_taken: /);
    const fresh = { args: customer(), header: "kept-12345" };
    expect(isReplay(await send(fresh))).toBe(false);
    expect(isReplay(await send(fresh))).toBe(true);
  });

  test("and the sweep leaves it alone until then", async () => {
    const start = Date.now() + HOUR;
    at(start);
    await send({ args: customer(), header: "swept-1234" });
    const sweep = () => t.mutation(internal.toolgate.jobs.sweep, {});
    at(start + 48 * HOUR - 1);
    const none = {
      ...{ results: 0, jobs: 0, streams: 0, states: 0, questions: 0 },
      ...{ connections: 0, devices: 0, documents: 0 },
    };
    expect(await sweep()).toEqual(none);
    at(start + 48 * HOUR + 1);
    expect(await sweep()).toEqual({ ...none, results: 1 });
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
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
  t = newBackend({
    "../../convex/erp/customers.ts": () => Promise.resolve({ ...customers, create }),
  });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
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
