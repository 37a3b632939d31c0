/**
 * Results fit: how long one may be, and what a model reads in place of one that is longer.
 *
 * @spec MCP 2025-11-25 server/tools
 */
import { anyApi, type FunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { beforeAll, expect, test } from "vitest";
import { internalMutation, internalQuery } from "../../convex/_generated/server";
import { insertCustomer } from "../../convex/erp/customerRows";
import { content, contentValidator } from "../../src/entry/tools";
import { newApp } from "../support/app";
import { callTool, issueKey, newServer, rows, type Backend } from "../support/gate";
import { within } from "../support/within";

const args = { length: v.number() };
const paged = { limit: v.optional(v.number()), cursor: v.optional(v.string()) };
const many = { ...args, ...paged, status: v.optional(v.string()) };
const read = {
  args: many,
  handler: (_ctx: unknown, { length }: { length: number }) => "x".repeat(length),
};
const blocks = internalQuery({
  args: { ...args, image: v.number() },
  returns: contentValidator(),
  handler: (_ctx, { length, image }) =>
    content(
      { type: "text", text: "x".repeat(length) },
      { type: "resource", resource: { uri: "x://y", text: "y" } },
      { type: "image", data: "A".repeat(image), mimeType: "image/png" },
    ),
});
const functions = {
  read: internalQuery(read),
  write: internalMutation({ args, handler: (_ctx, { length }) => "x".repeat(length) }),
  fixed: internalQuery({ args: {}, handler: () => "x".repeat(50_000) }),
  blocks,
  fails: internalQuery({
    args,
    handler: (_ctx, { length }) => {
      throw new ConvexError({ code: "c".repeat(length), message: "m".repeat(length) });
    },
  }),
};

const refs = anyApi.probe as unknown as Record<string, FunctionReference<"query", "internal">>;
const line =
  (name: string, more: object = {}) =>
  () => ({
    ...{ kind: "query", ref: refs[name]!, permission: "products:read", description: "A test." },
    ...more,
  });
const tools = {
  read: line("read"),
  long: line("read", { maxResultChars: 100_000 }),
  write: line("write", { kind: "mutation", destructive: true, idempotent: false }),
  ...{ fixed: line("fixed"), blocks: line("blocks"), fails: line("fails") },
};

let t: Backend;
let key: string;

beforeAll(async () => {
  t = await newServer({
    t: newApp({ registry: { tools } as never, functions: { probe: functions } }),
  });
  ({ key } = await issueKey(t));
});

/** `{"result":"…"}` */
const AROUND = 13;

test("48,000 characters are sent, one more is not, and the model reads how to ask for less", async () => {
  const fits = await callTool(t, key, "read", { length: 48_000 - AROUND });
  expect(JSON.stringify(fits.structuredContent)).toHaveLength(48_000);
  expect(fits.content[0]!.text).toHaveLength(48_000);
  const long = await callTool(t, key, "read", { length: 48_001 - AROUND });
  expect(long).toMatchObject({ isError: true });
  expect(long.structuredContent).toBeUndefined();
  expect(long.content).toEqual([
    {
      type: "text",
      text: "The result is 48,001 characters, and at most 48,000 characters are sent. Ask for less. Send a smaller `limit`. The rest comes by `cursor`. Narrow it by `length` or `status`.",
    },
  ]);
});

test("a line may allow more, up to what is kept", async () => {
  const { isError } = await callTool(t, key, "long", { length: 90_000 });
  expect(isError).toBeUndefined();
  const texts = [100_000, 262_144].map(async (length) => {
    const { content: said } = await callTool(t, key, "long", { length });
    return said[0]!.text;
  });
  expect(await Promise.all(texts)).toEqual([
    expect.stringMatching(/^The result is 100,013 characters, and at most 100,000 /),
    expect.stringMatching(/^The result is more than 256 KiB, and at most 100,000 /),
  ]);
});

test("what has been done is said to be done, and repeated so", async () => {
  const args = { length: 60_000, idempotencyKey: "long-12345" };
  const first = await callTool(t, key, "write", args);
  expect(first.content[0]!.text).toMatch(
    /^Done and recorded, but the result is 60,013 characters, .* Do not call again; read it/,
  );
  expect((await callTool(t, key, "write", args)).content).toEqual(first.content);
  const outcomes = (await rows(t, "toolgateAudit")).map(({ outcome }) => outcome);
  expect(outcomes.slice(-2)).toEqual(["succeeded", "replayed"]);
});

test("a tool without arguments says that there is no less of it", async () => {
  const { content: said } = await callTool(t, key, "fixed");
  expect(said[0]!.text).toMatch(/Ask for less\. This tool takes no arguments: use another one\.$/);
});

test("what a key fixes is not named", async () => {
  const fixed = JSON.stringify({ read: { status: "open" } });
  const other = await issueKey(t, { fixed: JSON.parse(fixed) as never });
  const { content: said } = await callTool(t, other.key, "read", { length: 60_000 });
  expect(said[0]!.text).toMatch(/Narrow it by `length`\.$/);
});

test("of blocks the texts count, and images do not", async () => {
  const image = await callTool(t, key, "blocks", { length: 47_999, image: 100_000 });
  expect(image.isError).toBeUndefined();
  expect(image.content).toHaveLength(3);
  const long = await callTool(t, key, "blocks", { length: 48_000, image: 1 });
  expect(long.content[0]!.text).toMatch(/^The result is 48,001 characters/);
});

test("an error is never as long", async () => {
  const { content: said, isError } = await callTool(t, key, "fails", { length: 50_000 });
  expect([isError, said[0]!.text.length < 10_000]).toEqual([true, true]);
  const wrong = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, at) => [`argument${at}`, "x"]),
  );
  const explained = await callTool(t, key, "read", { ...wrong, length: "y".repeat(50_000) });
  expect(explained.isError).toBe(true);
  expect(explained.content[0]!.text.length).toBeLessThan(10_000);
});

test("the largest pages of the ERP fit, also with the longest fields", async () => {
  const erp = await newServer({ demo: true });
  const admin = (await issueKey(erp)).key;
  const product = (await rows(erp, "products"))[0]!;
  const { tenantId, _id: productId } = product;
  const long = {
    name: "A".repeat(120),
    phone: "1".repeat(32),
    city: "c".repeat(80),
    country: "DE",
  };
  const tenant = (await rows(erp, "tenants")).find(({ _id }) => _id === tenantId)!;
  await erp.run(async (ctx) => {
    for (let at = 0; at < 60; at++) {
      const email = `${String(at)}${"e".repeat(240)}@a.example`;
      await insertCustomer(within(ctx, tenant), { ...long, email });
      const moved = { tenantId, productId, quantity: -100_000, reason: "counted" as const };
      await ctx.db.insert("stockMovements", {
        ...moved,
        at: Date.now() + at,
        note: "n".repeat(500),
        by: "b".repeat(64),
      });
    }
  });
  const page = { limit: 50 };
  for (const [name, args] of [
    ["customers_search", page],
    ["stock_movements", { ...page, productId }],
  ] as const) {
    const result = await callTool(erp, admin, name, args);
    expect([name, result.isError]).toEqual([name, undefined]);
    expect(result.structuredContent).toMatchObject({ nextCursor: expect.any(String) });
    expect(result.content[0]!.text.length).toBeGreaterThan(24_000);
  }
});
