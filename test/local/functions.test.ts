/** The functions of the local server: what they take as arguments, and that they give way. */
import {
  actionGeneric,
  makeFunctionReference,
  mutationGeneric,
  queryGeneric,
  type FunctionReference,
} from "convex/server";
import { v, type GenericValidator, type ValidatorJSON, type Value } from "convex/values";
import { convexTest } from "convex-test";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOf } from "../../local/checkedValues";
import { prepareFunctions } from "../../local/functions";

/** What every object of JavaScript has. None of them is a member of anything that a client sends. */
const INHERITED = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...["then", "prototype", "length", "name"],
];

/** A validator as it is exported. The types hide it. */
const jsonOf = (validator: GenericValidator) =>
  (validator as unknown as { json: ValidatorJSON }).json;

const faultOf = (validator: GenericValidator, value: unknown): string | undefined =>
  checkOf(jsonOf(validator))(value as Value, "arguments");

/** A value as it stands after it was JSON, where `__proto__` is a member like any other. */
const parsed = (text: string): unknown => JSON.parse(text);

describe("a closed object", () => {
  const flat = v.object({ a: v.optional(v.string()) });

  test.each(INHERITED)("has no member %s unless it says so", (name) => {
    const value = parsed(`{${JSON.stringify(name)}:1}`);
    const fault = expect.stringContaining(`extra field ${JSON.stringify(name)}`) as string;
    expect(faultOf(flat, value)).toEqual(fault);
    expect(faultOf(v.object({ in: v.array(flat) }), { in: [{}, value] })).toEqual(
      `arguments.in[1]: extra field ${JSON.stringify(name)}`,
    );
    expect(faultOf(v.union(flat, v.null()), value)).toBeDefined();
    expect(faultOf(v.record(v.string(), flat), { r: value })).toEqual(
      `arguments["r"]: extra field ${JSON.stringify(name)}`,
    );
  });

  test.each(["constructor", "toString", "hasOwnProperty"])(
    "with a member %s wants it to be there, and of its type",
    (name) => {
      const wanted = v.object({ [name]: v.string() });
      expect(faultOf(wanted, {})).toBe(`arguments: missing field "${name}"`);
      expect(faultOf(wanted, { [name]: 1 })).toBe(`arguments.${name}: expected a string`);
      expect(faultOf(wanted, { [name]: "text" })).toBeUndefined();
      expect(faultOf(v.object({ [name]: v.optional(v.string()) }), {})).toBeUndefined();
    },
  );
});

describe("what convex-test takes or refuses wrongly", () => {
  const ids = v.record(v.id("orders"), v.number());

  test.each<[string, GenericValidator, unknown, string | undefined]>([
    ["a record's value", v.record(v.string(), v.number()), { a: "1" }, `["a"]: expected a number`],
    ["a record's key", ids, { a: 1 }, `, the key "a": expected an id of orders`],
    ["a right record", ids, { "10001orders": 1 }, undefined],
    ["a record of inherited names", v.record(v.string(), v.number()), { toString: 1 }, undefined],
    ["a list for a record", v.record(v.string(), v.number()), [1], ": expected an object"],
    ["a list for an object", v.object({}), [], ": expected an object"],
    ["null for an object", v.object({}), null, ": expected an object"],
    ["bytes for an object", v.object({}), new ArrayBuffer(1), ": expected an object"],
    ["a literal of an int64", v.literal(7n), 7n, undefined],
    ["a number for it", v.literal(7n), 7, `: expected {"$integer":"BwAAAAAAAAA="}`],
    ["an id of another table", v.id("orders"), "10001reorders", ": expected an id of orders"],
    ["a table's name for an id", v.id("orders"), "orders", ": expected an id of orders"],
    ["nothing in a union of none", v.union(), "a", ": expected one of 0 types"],
  ])("%s", (_, validator, value, fault) => {
    expect(faultOf(validator, value)).toBe(fault === undefined ? undefined : `arguments${fault}`);
  });
});

/** A validator, and a value that it takes. */
type Pair = readonly [validator: GenericValidator, value: Value];

const name = fc.oneof(fc.constantFrom("a", "b", "c"), fc.constantFrom("constructor", "valueOf"));

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  fc.string().map((value) => [v.string(), value] as Pair),
  fc.double().map((value) => [v.number(), value] as Pair),
  fc.bigInt({ min: -5n, max: 5n }).map((value) => [v.int64(), value] as Pair),
  fc.boolean().map((value) => [v.boolean(), value] as Pair),
  fc.constantFrom<Pair>(
    [v.null(), null],
    [v.bytes(), new ArrayBuffer(2)],
    [v.id("t"), "12t"],
    [v.any(), {}],
    [v.literal("x"), "x"],
  ),
);

const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("pair").map(([one, value]) => [v.array(one), [value, value]] as Pair),
    tie("pair").map(([one, value]) => [v.record(v.string(), one), { k: value }] as Pair),
    fc
      .tuple(tie("pair"), leaf)
      .map(([[one, value], [other]]) => [v.union(other, one), value] as Pair),
    fc
      .dictionary(name, fc.tuple(tie("pair"), fc.constantFrom("present", "absent")))
      .map((members): Pair => {
        const entries = Object.entries(members);
        return [
          v.object(
            Object.fromEntries(
              entries.map(([key, [[one], state]]) => [
                key,
                state === "absent" ? v.optional(one) : one,
              ]),
            ),
          ),
          Object.fromEntries(
            entries.flatMap(([key, [[, value], state]]) =>
              state === "absent" ? [] : [[key, value]],
            ),
          ),
        ];
      }),
  ),
}));

const isPlain = (value: Value): value is Record<string, Value> =>
  typeof value === "object" && value !== null && !(value instanceof ArrayBuffer);

/** Every value that differs from `value` in one object, which has one member more. */
function* grown(value: Value, extra: string): Generator<Value> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const other of grown(item, extra)) yield value.with(i, other);
  } else if (isPlain(value)) {
    if (!Object.hasOwn(value, extra)) yield { ...value, [extra]: Symbol("never right") as never };
    for (const [key, item] of Object.entries(value))
      for (const other of grown(item, extra)) yield { ...value, [key]: other };
  }
}

/** Whether a validator says somewhere that anything goes. */
const isOpen = (validator: unknown): boolean => JSON.stringify(validator).includes('"any"');

test("any validator takes what fits it, and refuses it once an object has a member more", () => {
  fc.assert(
    fc.property(pair, fc.constantFrom(...INHERITED, "other"), ([validator, value], extra) => {
      expect(faultOf(validator, value)).toBeUndefined();
      if (isOpen(jsonOf(validator))) return;
      for (const other of grown(value, extra)) expect(faultOf(validator, other)).toBeDefined();
    }),
  );
});

describe("in convex-test", () => {
  const args = { amounts: v.optional(v.record(v.string(), v.number())) };
  const ref = <Kind extends "query" | "mutation" | "action">(called: string) =>
    makeFunctionReference<Kind>(`some:${called}`);
  const ran: string[] = [];
  const runs = (kind: string) => () => void ran.push(kind);
  const passOn = (
    ctx: { runMutation: (called: FunctionReference<"mutation">, value: never) => unknown },
    { sent }: { sent: Value },
  ) => ctx.runMutation(ref<"mutation">("mutation"), sent as never);
  const some = {
    query: queryGeneric({ args, handler: runs("query") }),
    mutation: mutationGeneric({ args, handler: runs("mutation") }),
    action: actionGeneric({ args, handler: runs("action") }),
    byMutation: mutationGeneric({ args: { sent: v.any() }, handler: passOn }),
    byAction: actionGeneric({ args: { sent: v.any() }, handler: passOn }),
    constant: 1,
  };
  const modules = prepareFunctions({
    "convex/_generated/api": () => Promise.resolve({}),
    "convex/some": () => Promise.resolve(some),
  });
  const files = Object.entries(modules).map(([path, load]) => [`${path}.ts`, load]);
  const app = convexTest({ modules: Object.fromEntries(files) });

  const wrong: [string, unknown, string][] = [
    ["a member more", { constructor: 1 }, 'arguments: extra field "constructor"'],
    [
      "a wrong value in a record",
      { amounts: { a: "1" } },
      'arguments.amounts["a"]: expected a number',
    ],
  ];
  const calls: [string, (value: never) => Promise<unknown>][] = [
    ["a query", (value) => app.query(ref<"query">("query"), value)],
    ["a mutation", (value) => app.mutation(ref<"mutation">("mutation"), value)],
    ["an action", (value) => app.action(ref<"action">("action"), value)],
    ["a mutation of a mutation", (sent) => app.mutation(ref<"mutation">("byMutation"), { sent })],
    ["a mutation of an action", (sent) => app.action(ref<"action">("byAction"), { sent })],
  ];

  test.each(calls)("%s runs with right arguments only", async (_, call) => {
    for (const [, value, fault] of wrong)
      await expect(call(value as never)).rejects.toThrow(`ArgumentValidationError: ${fault}`);
    expect(ran).toEqual([]);
    await call({ amounts: { toString: 1 } } as never);
    expect(ran.splice(0)).toHaveLength(1);
  });

  test("what is no function stays as it is", async () => {
    expect((await modules["convex/some"]!()).constant).toBe(1);
  });

  test("a function without rest lets the event loop turn", async () => {
    let turned = 0;
    let next: NodeJS.Immediate;
    const turn = () => {
      turned++;
      next = setImmediate(turn);
    };
    turn();
    for (let i = 0; i < 10; i++) await app.mutation(ref<"mutation">("mutation"), {});
    clearImmediate(next!);
    ran.splice(0);
    expect(turned).toBeGreaterThanOrEqual(10);
  });
});
