/** Functions that know their caller by `ctx.auth`, unchanged, as tools. */
import { anyApi } from "convex/server";
import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { httpAction, internalQuery } from "../../../convex/_generated/server";
import { listing } from "../../../src/catalog/catalog";
import { listTools, rows } from "../../support/gate";
import { textOf } from "./setup";
import { ISSUER, before, asCaller, own, tools, app, as } from "./userApp";

/** What Convex writes on a function. */
type Marks = Partial<
  Record<"isPublic" | "isInternal" | "isQuery" | "isMutation" | "isAction", boolean>
>;

test("the list shows the function's own schema", async () => {
  const listed = (await listTools(app.t, app.key)) as { name: string }[];
  const of = (name: string) => listed.find((one) => one.name === name);
  expect(of("list")).toMatchObject({
    inputSchema: { properties: { atLeast: { type: "number", description: "From here." } } },
    outputSchema: { properties: { result: { type: "array" } } },
  });
  expect(of("greet")).toMatchObject({
    inputSchema: {
      properties: { name: { type: "string", minLength: 2, description: "Whom to greet." } },
      required: ["name"],
    },
    outputSchema: { properties: { text: { type: "string" } } },
  });
  expect(of("meet")).toMatchObject({
    inputSchema: {
      properties: { name: { type: "string", minLength: 2, description: "Whom to meet." } },
    },
  });
  expect(JSON.stringify(listed)).not.toContain("principal");
});

describe("the function runs as the key's user", () => {
  test("with the whole identity", async () => {
    const { structuredContent } = await as("ada", "whoami");
    expect(structuredContent).toEqual({
      ...{ subject: "ada", issuer: ISSUER, tokenIdentifier: `${ISSUER}|ada` },
      ...{ email: "ada@example.com", via: expect.any(String) as string },
    });
  });

  test("behind its own row-level security, in the call's transaction", async () => {
    const args = { series: "ada", idempotencyKey: "counter-0001" };
    expect((await as("ada", "add", args)).isError).toBeUndefined();
    expect((await as("ada", "add", args))._meta).toMatchObject({ "toolgate/replayed": true });
    await as("bob", "add", { series: "bob" });
    expect((await as("ada", "list")).structuredContent).toEqual({
      result: [{ series: "ada", last: 1 }],
    });
    expect((await as("bob", "list", { atLeast: 2 })).structuredContent).toEqual({ result: [] });
    const log = vi.spyOn(console, "error").mockReturnValue();
    expect((await as("bob", "add", { series: "ada" })).isError).toBe(true);
    log.mockRestore();
    expect(await rows(app.t, "counters")).toHaveLength(2);
    const audit = (await rows(app.t, "toolgateAudit")).filter(({ tool }) => tool === "add");
    expect(audit.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ...[
        ["ada", "succeeded"],
        ["ada", "replayed"],
        ["bob", "succeeded"],
        ["bob", "failed"],
      ],
    ]);
  });

  test("made by zCustomQuery, with arguments explained", async () => {
    expect((await as("ada", "greet", { name: "Eve" })).structuredContent).toEqual({
      text: "ada greets Eve",
    });
    expect(textOf(await as("ada", "greet", { name: "E" }))).toMatch(/^invalid_arguments: name: /);
  });

  test("made by checked, which keeps to its fields", async () => {
    expect((await as("ada", "meet", { name: "Eve" })).structuredContent).toEqual({
      text: "ada meets Eve",
    });
    expect(textOf(await as("ada", "meet", { name: "E" }))).toMatch(/^invalid_arguments: name: /);
  });

  test("and none that it calls does", async () => {
    expect((await as("ada", "nested")).structuredContent).toEqual({ here: "ada", nested: null });
  });

  test("if the caller is one", async () => {
    expect(textOf(await as("nobody", "whoami"))).toBe(
      "no_user: This caller is no user of the app.",
    );
  });

  test("and by no word of the client", async () => {
    const forged = { subject: "bob", role: "admin", keyId: "0" };
    expect(textOf(await as("ada", "list", { principal: forged }))).toBe(
      "invalid_arguments: principal: no such argument",
    );
  });
});

test("the app's own functions stay as they were, and the wrapped ones are for the server only", () => {
  const marks = ({ isPublic, isInternal, isQuery, isMutation, isAction }: Marks) => [
    ...[isPublic, isInternal, isQuery, isMutation, isAction],
  ];
  const [no, yes] = [undefined, true];
  expect(marks(before.list)).toEqual([yes, no, yes, no, no]);
  expect(marks(own.list)).toEqual([no, yes, yes, no, no]);
  expect(marks(own.add)).toEqual([no, yes, no, yes, no]);
  expect(marks(own.nested)).toEqual([no, yes, no, no, yes]);
});

describe("what cannot be wrapped is told", () => {
  const wrap = asCaller as unknown as (fn: object) => object;

  test.each<[string, object]>([
    ["a plain function", () => null],
    ["an HTTP action", httpAction(() => Promise.resolve(new Response()))],
    [
      "a function of a convex that is unknown",
      Object.assign(() => null, { isQuery: true, _handler: () => null }),
    ],
  ])("%s, at once", (_what, fn) => {
    expect(() => wrap(fn)).toThrow(
      "asUser takes a query, mutation or action as Convex registers it",
    );
  });

  test.each<[string, object, string]>([
    ["one without args", internalQuery(() => null), "the function must declare `args`"],
    [
      "one with a principal of its own",
      internalQuery({ args: { principal: v.string() }, handler: () => null }),
      "the function has an argument `principal` of its own",
    ],
  ])("%s, when the app is pushed and in the list", (_what, fn, message) => {
    const wrapped = wrap(fn) as { exportArgs: () => string };
    expect(wrapped.exportArgs).toThrow(message);
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const line = {
      ...tools.whoami,
      ref: (anyApi as never as Record<string, Record<string, never>>).own!.whoami!,
    };
    expect(
      listing({ tools: { x: () => line }, dir: "toolgate" }, { own: { whoami: wrapped } }).handler(
        null,
        {},
      ),
    ).toEqual([]);
    expect(warn.mock.calls.flat()).toEqual([expect.stringContaining(message)]);
    warn.mockRestore();
  });
});
