import { customQuery } from "convex-helpers/server/customFunctions";
import { internalQueryGeneric } from "convex/server";
import { ConvexError, v, type Value } from "convex/values";
import { expect, test } from "vitest";
import { checked, validatorsOf } from "./checked";
import { field } from "./field";

const name = field(v.string(), { trim: true, minLength: 2 });
const count = field(v.number(), { type: "integer" });

const greet = checked(internalQueryGeneric)({
  args: { name, times: v.optional(count) },
  returns: v.object({ name, count }),
  handler: (_ctx, args) => ({ name: args.name, count: args.times ?? 1 }),
});

type Runs = (ctx: object, args: object) => Promise<unknown>;

const run = (args: object, fn: object = greet) =>
  (fn as unknown as { _handler: Runs })._handler({}, args);

test("the handler gets what the fields say", async () => {
  expect(await run({ name: " Ada " })).toEqual({ name: "Ada", count: 1 });
});

test("arguments that do not fit are refused before the handler runs, with all that is wrong", async () => {
  const refused: unknown = await run({ name: " A ", times: 1.5 }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConvexError);
  expect((refused as ConvexError<Record<string, Value>>).data).toEqual({
    code: "invalid_arguments",
    message: "name: Too small: expected string to have >=2 characters",
    argumentIssues: [
      { path: ["name"], message: "Too small: expected string to have >=2 characters" },
      { path: ["times"], message: "Invalid input: expected int, received number" },
    ],
  });
});

test("a result that does not fit is the function's own fault", async () => {
  const half = checked(internalQueryGeneric)({
    args: {},
    returns: { halves: v.array(count) },
    handler: () => ({ halves: [1, 0.5] }),
  });
  const error: unknown = await run({}, half).catch((caught: unknown) => caught);
  expect(error).not.toBeInstanceOf(ConvexError);
  expect(String(error)).toContain("halves.1: Invalid input: expected int");
});

test("a function that returns nothing returns null", async () => {
  const nothing = checked(internalQueryGeneric)({
    args: {},
    returns: v.null(),
    handler: (): null => undefined as unknown as null,
  });
  expect(await run({}, nothing)).toBeUndefined();
});

test("a builder of convex-helpers keeps its own arguments to itself", async () => {
  const custom = customQuery(internalQueryGeneric, {
    args: { who: v.string() },
    input: (_ctx, { who }) => ({ ctx: { who }, args: {} }),
  });
  const fn = checked(custom)({
    args: { name },
    returns: v.string(),
    handler: ({ who }, args) => `${who}: ${args.name}`,
  });
  expect(await run({ who: "me", name: " Ada" }, fn)).toBe("me: Ada");
  expect(Object.keys(validatorsOf(fn)?.args.fields ?? {})).toEqual(["name"]);
});

test("what a builder of convex-helpers adds to the arguments is passed on", async () => {
  const custom = customQuery(internalQueryGeneric, {
    args: {},
    input: () => ({ ctx: {}, args: { user: "u1" } }),
  });
  const fn = checked(custom)({
    args: { name },
    returns: v.string(),
    handler: (_ctx, args) => `${args.user}: ${args.name}`,
  });
  expect(await run({ name: " Ada" }, fn)).toBe("u1: Ada");
});

test("arguments may be of any type that Convex takes", async () => {
  const either = checked(internalQueryGeneric)({
    args: v.union(v.object({ name }), v.object({ count })),
    returns: v.string(),
    handler: (_ctx, args) => ("name" in args ? args.name : String(args.count)),
  });
  expect(await run({ name: " Ada" }, either)).toBe("Ada");
  await expect(run({ count: 0.5 }, either)).rejects.toThrow(ConvexError);
});

test("what an inner function refuses is no fault of the caller's arguments", async () => {
  const outer = checked(internalQueryGeneric)({
    args: {},
    returns: v.null(),
    handler: () => run({ name: "" }) as Promise<null>,
  });
  const error: unknown = await run({}, outer).catch((caught: unknown) => caught);
  expect(error).not.toBeInstanceOf(ConvexError);
  expect(String(error)).toContain("refuses its arguments: name: Too small");
  const refuses = checked(internalQueryGeneric)({
    args: {},
    returns: v.null(),
    handler: (): null => {
      throw new ConvexError("No.");
    },
  });
  await expect(run({}, refuses)).rejects.toThrow(ConvexError);
});

test("members of a result that are undefined are none, as Convex has it", async () => {
  const loose = checked(internalQueryGeneric)({
    args: {},
    returns: v.object({ name: v.string(), counts: v.record(v.string(), v.number()) }),
    handler: () => ({ name: "a", tenantId: undefined, counts: { a: undefined, b: 1 } }) as never,
  });
  await expect(run({}, loose)).resolves.toMatchObject({ name: "a" });
});

test("a function without `args` is no function", () => {
  const define = checked(internalQueryGeneric) as (definition: object) => unknown;
  expect(() => define({ handler: () => null })).toThrow("Declare `args`");
});
