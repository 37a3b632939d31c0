/** A function that takes `paginationOpts`, as Convex's own client sends them, shows a cursor and a limit to MCP clients. */
import { ConvexError } from "convex/values";
import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { listing } from "../../../src/catalog/catalog";
import type { Tool } from "../../../src/registry/tools";
import { listTools } from "../../support/gate";
import { reads, textOf } from "./setup";
import { failing, own, api, paginated, app, call, listOf } from "./pagedApp";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the schema has them in the place of the options", async () => {
  const listed = (await listTools(app.t, app.key)) as { name: string; inputSchema?: object }[];
  const cursor = {
    type: "string",
    minLength: 1,
    description: expect.stringContaining("first page"),
  };
  const limit = { type: "integer", minimum: 1, maximum: 100 };
  expect(listed[0]!.inputSchema).toEqual({
    type: "object",
    properties: { series: { type: "string" }, cursor, limit: { ...limit, description: "Rows." } },
    additionalProperties: false,
  });
  expect(listed.find(({ name }) => name === "zod")!.inputSchema).toEqual({
    type: "object",
    properties: {
      text: { type: "string", description: "What to look for." },
      cursor,
      limit: { ...limit, description: "How many rows. Default: 20." },
    },
    required: ["text"],
    additionalProperties: false,
  });
  expect(listed.at(-1)!.inputSchema).toMatchObject({
    properties: { paginationOpts: { type: "string" } },
  });
});

test("a client turns the pages", async () => {
  const first = await listOf({});
  expect(first).toMatchObject({ asked: 20, isDone: false });
  const next = await listOf({ cursor: first.continueCursor, limit: 100 });
  expect(next).toMatchObject({ asked: 100, isDone: true });
  expect([...first.page, ...next.page]).toHaveLength(25);
  expect(new Set([...first.page, ...next.page]).size).toBe(25);
  expect((await listOf({ limit: 3 })).page).toEqual(["s0", "s1", "s2"]);
});

test("every kind of function gets them", async () => {
  const args = { cursor: "c", limit: 7 };
  const options = { cursor: "c", numItems: 7 };
  expect((await call("drop", args)).structuredContent).toEqual(options);
  expect((await call("zod", { text: "a", ...args })).structuredContent).toEqual(options);
  expect((await call("zod", { text: "a" })).structuredContent).toEqual({
    ...{ cursor: null, numItems: 20 },
  });
  expect((await call("ownPage", { paginationOpts: "x" })).structuredContent).toEqual({
    paginationOpts: "x",
  });
});

const NO_CURSOR = /^bad_cursor: cursor: this is no cursor of these arguments/;

/** The arguments with a cursor as convex-test has one, of this value. */
const listed = (value: object) => ({ cursor: JSON.stringify([JSON.stringify(value)]) });

describe("what does not fit", () => {
  test.each<[object, RegExp]>([
    [{ limit: 0 }, /^invalid_arguments: limit: .*1/],
    [{ limit: 101 }, /^invalid_arguments: limit: .*100/],
    [{ limit: 1.5 }, /^invalid_arguments: limit: expected integer/],
    [{ limit: "many" }, /^invalid_arguments: limit: expected integer, got "many"/],
    [{ cursor: 5 }, /^invalid_arguments: cursor: expected string, got 5/],
    [{ cursor: {} }, /^invalid_arguments: cursor: expected string/],
    [
      { paginationOpts: { numItems: 1, cursor: null } },
      /^invalid_arguments: paginationOpts: no such/,
    ],
    [{ cursor: "not one" }, NO_CURSOR],
    [{ cursor: "[1" }, NO_CURSOR],
    [{ cursor: "null" }, NO_CURSOR],
    [{ cursor: "5" }, NO_CURSOR],
    [{ cursor: "{}" }, NO_CURSOR],
    [{ cursor: '[{"toString":""}]' }, NO_CURSOR],
    ...["$other", "é", "a".repeat(1_025), "$set", "$map", "$bytes", "$integer", "$float"].map(
      (name): [object, RegExp] => [listed({ [name]: 1 }), NO_CURSOR],
    ),
    ...[
      { $integer: "AA" },
      { $integer: "AAAA" },
      { $float: "AAAA" },
      { $float: "AAAAAAAAAAA=" },
    ].map((value): [object, RegExp] => [listed(value), NO_CURSOR]),
  ])("%j is explained", async (args, text) => {
    const log = vi.spyOn(console, "error");
    const result = await call("list", args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(text)]);
    expect(log).not.toHaveBeenCalled();
  });

  test.each(["list", "turn", "gather"])("no cursor is an internal error of %s", async (name) => {
    const scalars = fc.array(
      fc.oneof(fc.integer(), fc.constant(null), fc.constantFrom("1", "x", "")),
    );
    const json = fc.oneof(
      fc.json(),
      scalars.map((all) => JSON.stringify(all)),
    );
    const log = vi.spyOn(console, "error");
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ minLength: 1 }), json), async (cursor) => {
        const { isError, content } = await call(name, { cursor });
        if (isError === true) expect(content[0]!.text).toMatch(NO_CURSOR);
      }),
      { numRuns: 15 },
    );
    expect(log).not.toHaveBeenCalled();
  });

  test("is mended where it is beyond doubt", async () => {
    expect(await listOf({ limit: "3", cursor: "" })).toMatchObject({ asked: 3 });
    expect(await listOf({ limit: null, cursor: null })).toMatchObject({ asked: 20 });
  });

  const system = { isConvexSystemError: true, paginationError: "InvalidCursor" };
  test.each<[string, Error]>([
    ["a cursor of another query", new ConvexError(system)],
    [
      "no cursor at all",
      new Error("Uncaught Error: Failed to parse cursor\n    at handler (a.ts:1)"),
    ],
    [
      "no cursor, in a function that a function has called",
      new Error("Uncaught Error: Uncaught Error: InvalidCursor: Failed to parse cursor"),
    ],
    ["one of another deployment", new Error('Uncaught Error: Key is invalid for instance "x"\n')],
  ])("%s is told in Convex's own words", async (_what, error) => {
    failing.error = error;
    expect(textOf(await call("failing", { cursor: "c" }))).toMatch(NO_CURSOR);
    // The function's own mistake: the client sent none.
    vi.spyOn(console, "error").mockReturnValue();
    expect(textOf(await call("failing"))).not.toContain("this is no cursor");
  });
});

test("the list tells of lines that do not say it, and of names that clash", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const plain: Tool = { kind: "query", ref: api.list, ...reads };
  const lines = {
    forgotten: () => plain,
    stated: () => ({ ...plain, ...paginated, ref: api.ownPage }),
    clashing: () => ({ ...plain, ...paginated, ref: api.clashing }),
  };
  expect(listing({ tools: lines, dir: "toolgate" }, { own }).handler(null, {})).toEqual([]);
  expect(warn.mock.calls.flat()).toEqual([
    expect.stringContaining("forgotten: state `paginated: true` exactly if"),
    expect.stringContaining("stated: state `paginated: true` exactly if"),
    expect.stringContaining("clients ask for by `limit`, and an argument of that name"),
  ]);
});
