/** Mistakes in the registry are told by the tool's name. */
import type { FunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { listing, type Modules } from "../../../src/catalog/catalog";
import { tool, type Tool } from "../../../src/registry/tools";
import { app } from "./app";
import * as notes from "./notes";

describe("a mistake in the registry is told when the list is asked for", () => {
  const modules: Modules = { notes };
  const list = (name: string, bound: Tool, of = modules) => {
    const { handler } = listing({ [name]: () => bound }, of);
    return handler;
  };
  const query = (ref: FunctionReference<"query", "internal">, principal = false): Tool => ({
    kind: "query",
    ref,
    permission: "customers:read",
    description: "A test.",
    principal,
  });
  const mutation = (ref: FunctionReference<"mutation", "internal">): Tool => ({
    ...query(ref as never),
    kind: "mutation",
    destructive: false,
    idempotent: false,
  });

  test.each<[string, () => unknown, string]>([
    [
      "a module that the catalog lacks",
      list("x", query(app.notes.count), {}),
      'Tool x: add the module "notes" to catalog.ts',
    ],
    [
      "a function that the module lacks",
      list("x", query((app.notes as never as Record<string, never>).nonesuch!)),
      'Tool x: the module "notes" exports no function "nonesuch"',
    ],
    [
      "an export that is no function",
      list("x", query(app.notes.count), { notes: { count: notes.mail } }),
      'Tool x: the module "notes" exports no function "count"',
    ],
    [
      "a function without args",
      list("x", mutation(app.notes.untyped)),
      "Tool x: its function must declare `args`",
    ],
    [
      "a principal that is declared and not stated",
      list("x", query(app.notes.withPrincipal)),
      "Tool x: state `principal: true` exactly if its function declares a `principal` argument",
    ],
    [
      "a principal that is stated and not declared",
      list("x", query(app.notes.count, true)),
      "Tool x: state `principal: true` exactly if its function declares a `principal` argument",
    ],
    [
      "the reserved argument idempotencyKey",
      list("x", mutation(app.notes.withIdempotencyKey)),
      "Tool x: the argument name `idempotencyKey` is reserved",
    ],
    ["a bad name", list("a.b", query(app.notes.count)), "Tool a.b: a name has 1 to 64 letters"],
    ["an empty name", list("", query(app.notes.count)), "Tool : a name has 1 to 64 letters"],
    [
      "a name that is too long",
      list("x".repeat(65), query(app.notes.count)),
      "a name has 1 to 64 letters",
    ],
  ])("%s", (_what, work, message) => {
    expect(work).toThrow(message);
  });

  test("a type that JSON does not have, by the tool's name and the argument's", () => {
    expect(list("x", query(app.notes.withInt64))).toThrow(/Tool x: .*size.*v\.int64/);
  });

  test("a good one is listed", () => {
    expect(list("x", query(app.notes.count))()).toMatchObject([{ name: "x" }]);
    expect(tool.query(app.notes.count, { permission: "a", description: "b" })).toMatchObject({
      kind: "query",
    });
  });
});
