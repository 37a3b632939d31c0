/** What is not mended, and how the model is told what is wrong with its arguments. */
import { makeFunctionReference } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import { issueKey, rows } from "../../support/gate";
import { call, runs, t } from "./app";

describe("what is not", () => {
  test("a function that has begun does not begin again", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await call("act", { amount: "13" });
    expect(runs.act).toBe(1);
    vi.restoreAllMocks();
  });

  test("where the line asks for exact arguments", async () => {
    expect(await call("exact", { limit: "5" })).toBe(
      'invalid_arguments: limit: expected number, got "5"',
    );
  });

  /** A key with constraints on the tools of this app, which the operator's functions do not know. */
  const boundKey = async (constraints: Record<string, Record<string, object>>) => {
    const bound = await issueKey(t);
    await t.run(async (ctx) => {
      const all = await ctx.db.query("toolgateKeys").collect();
      const row = all.find(({ keyId }) => keyId === bound.keyId)!;
      await ctx.db.patch("toolgateKeys", row._id, { constraints });
    });
    return bound.key;
  };

  test("past the constraints of a key", async () => {
    const bound = await boundKey({ write: { amount: { max: 5 } }, read: { limit: { max: 5 } } });
    const told = "not_allowed: amount: this API key allows only at most 5";
    expect(await call("write", { slug: "b", amount: "9" }, bound)).toBe(told);
    expect(await call("write", { slug: "b", amount: "3" }, bound)).toBe(told);
    expect(await call("read", { limit: 3, tags: "[]" }, bound)).toEqual({ limit: 3, tags: [] });
    expect(await rows(t, "tenants")).toHaveLength(1);
  });

  // What is sent keeps the constraint: it is a text. What it is mended to does not.
  test.each<[string, object, string]>([
    ["read", { limit: "9" }, "limit"],
    ["write", { slug: "b", amount: "9" }, "amount"],
    ["act", { amount: "9" }, "amount"],
    ["checked", { amount: "9" }, "amount"],
  ])("a constraint holds for what %s runs with", async (name, args, path) => {
    const bound = await boundKey({ [name]: { [path]: { oneOf: ["9"] } } });
    expect(await call(name, args, bound)).toBe(
      `not_allowed: ${path}: this API key allows only one of ["9"]`,
    );
    expect(runs).toEqual({ act: 0, check: 0 });
    expect(await rows(t, "tenants")).toHaveLength(1);
  });
});

describe("what is explained", () => {
  test.each<[object, string]>([
    [{ data: { ä: 1 } }, "data.ä: a name here has"],
    [{ data: [{ $x: 1 }] }, "data.0.$x: a name here has"],
    [{ data: { $integer: "AQAAAAAAAAA=" } }, "data.$integer: a name here has"],
    [{ data: { $bytes: "AQ==" } }, "data.$bytes: a name here has"],
    [{ labels: { "a\n": 1 } }, "labels.a\\n: a name here has"],
    [{ labels: { ["x".repeat(1025)]: 1 } }, ": a name here has"],
    [{ tenant: "nonesuch" }, "tenant: expected an id that another tool returned"],
    [{ filter: 5 }, "filter: expected object or null, got 5"],
    [
      { filter: { kind: "price" } },
      'filter.min: missing, expected number (in the nearest variant, { kind: "price" })',
    ],
    [{ filter: { kind: "name", part: "a", min: 1 } }, "filter.min: belongs to another variant"],
    [{ filter: { kind: "name", prt: "a" } }, "filter.prt: no such argument"],
    [{ tags: '["a",5]' }, "tags.1: expected string, got 5"],
    [{ limit: "12345678901234567890" }, 'limit: expected number, got "12345678901234567890"'],
  ])("%j", async (args, told) => {
    const text = await call("read", args);
    expect(text).toMatch(/^invalid_arguments: /);
    expect(text).toContain(told);
  });

  // Convex refuses these; convex-test does not.
  test.each<[object, string]>([
    [{ data: Array.from({ length: 8193 }, () => 1) }, "data: expected at most 8,192 items"],
    [{ toString: 1, limit: 2 }, "toString: no such argument"],
    [{ labels: { toString: "x" } }, "labels.toString: expected number"],
  ])("%o", async (args, told) => {
    const explain = makeFunctionReference<"query", Record<string, string>, { problems: string[] }>(
      "toolgate/catalog:explain",
    );
    const asked = { tool: "read", arguments: JSON.stringify(args) };
    expect((await t.query(explain, asked)).problems).toEqual([expect.stringContaining(told)]);
  });

  test("a name with a low line, a blank or nothing is a name", async () => {
    const data = { _x: 1, "a b": 1, "": 1 };
    expect(await call("read", { data })).toEqual({ data });
  });
});
