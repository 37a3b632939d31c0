/** Mistakes in the registry are told in the log, by the tool's name, and leave out that tool only. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { listing } from "../../../src/catalog/catalog";
import type { Modules } from "../../../src/catalog/functions";
import type { Tool, Tools } from "../../../src/registry/tools";
import { newApp as newTestApp } from "../../support/app";
import { callTool, issueKey, listTools, rpc } from "../../support/gate";
import { app, open } from "./app";
import * as notes from "./notes";

const query = (ref: FunctionReference<"query", FunctionVisibility>, principal = false): Tool => ({
  kind: "query",
  ref,
  permission: "customers:read",
  description: "A test.",
  principal,
});

const mutation = (ref: FunctionReference<"mutation", FunctionVisibility>): Tool => ({
  ...query(ref as never),
  kind: "mutation",
  destructive: false,
  idempotent: false,
});

afterEach(() => {
  vi.restoreAllMocks();
});

const logged = () => vi.spyOn(console, "warn").mockImplementation(() => undefined);

describe("a mistake in the registry is told when the list is asked for", () => {
  const modules: Modules = { notes };
  const good = () => query(app.notes.count);
  /** Lists the tool between two good ones. Returns what is listed, and what is logged. */
  const list = (name: string, bound: Tool, of = modules) => {
    const warn = logged();
    const tools = { before: good, [name]: () => bound, after: good };
    const { handler } = listing({ tools, dir: "toolgate" }, of);
    return { names: handler(null, {}).map((tool) => tool.name), log: warn.mock.calls.flat() };
  };

  test("a function that its module exports by default is no mistake", () => {
    const { default: bound } = app.notes as never as Record<string, typeof app.notes.count>;
    const of = { ...modules, notes: { ...notes, default: notes.count } };
    const expected = { names: ["before", "bound", "after"], log: [] };
    expect(list("bound", query(bound!), of)).toEqual(expected);
  });

  test.each<[string, Tool, string, string?]>([
    [
      "a function that the module lacks",
      query((app.notes as never as Record<string, never>).nonesuch!),
      'the module "notes" exports no function "nonesuch"',
    ],
    [
      "an inherited name",
      query((app.notes as never as Record<string, never>)["toString" as "nonesuch"]!),
      'the module "notes" exports no function "toString"',
    ],
    ["a function without args", mutation(app.notes.untyped), "its function must declare `args`"],
    [
      "a principal that is declared and not stated",
      query(app.notes.withPrincipal),
      "state `principal: true` exactly if its function declares `principal: principalValidator()`",
    ],
    [
      "a principal that is stated and not declared",
      query(app.notes.count, true),
      "state `principal: true` exactly if its function declares `principal: principalValidator()`",
    ],
    [
      "an argument of the app's own, stated as if it were the server's",
      { ...query(open.notes.open), input: true },
      "state `input: true` exactly if its function declares `input: inputValidator()`",
    ],
    [
      "a job that is declared and not stated",
      { ...mutation(app.notes.withJob as never), kind: "action" },
      "state `job: true` exactly if its function declares `job: jobValidator()`",
    ],
    [
      "a principal that anyone could send past the gate",
      query(open.notes.openToForgery, true),
      "its function is public, so anyone can call it with a `principal` of their own. Make it internal.",
    ],
    [
      "an own idempotencyKey that is not stated",
      mutation(open.notes.withIdempotencyKey),
      "state `idempotencyKey: true` exactly if it writes and its function declares",
    ],
    [
      "an own idempotencyKey that is stated and not declared",
      { ...mutation(app.notes.add), idempotencyKey: true },
      "state `idempotencyKey: true` exactly if it writes and its function declares",
    ],
    ...["units", "unit.x", "unit.*", "toString", ""].map((path): [string, Tool, string] => [
      `a description of an argument that there is not: ${path}`,
      { ...query(app.notes.count), arguments: { unit: "In what.", [path]: "What?" } },
      `its line describes an argument "${path}", which there is not`,
    ]),
    ["an int64", query(app.notes.withInt64), "argument size: v.int64() has no JSON form"],
    [
      "bytes, deep inside",
      query(app.notes.withBytes),
      "argument files: v.bytes() has no JSON form",
    ],
    ["a bad name", query(app.notes.count), "a name has 1 to 64 letters", "a.b"],
    ["an empty name", query(app.notes.count), "a name has 1 to 64 letters", ""],
    ["a long name", query(app.notes.count), "a name has 1 to 64 letters", "x".repeat(65)],
  ])("%s", (_what, bound, message, name = "x") => {
    const { names, log } = list(name, bound);
    expect(names).toEqual(["before", "after"]);
    expect(log).toEqual([expect.stringContaining(`tools/list leaves out "${name}": `)]);
    expect(log[0]).toContain(message);
  });

  test("a module that the catalog lacks", () => {
    const { names, log } = list("x", query(app.notes.count), {});
    expect(names).toEqual([]);
    expect(log).toContain(
      'toolgate: tools/list leaves out "x": Tool x: add the module "notes" to catalog.ts',
    );
  });
});

describe("one bad line among good ones", () => {
  const tools: Tools = {
    good: () => query(app.notes.count),
    untyped: () => mutation(app.notes.untyped),
    trusting: () => query(app.notes.withPrincipal),
    "a.b": () => query(app.notes.count),
    stated: () => query(app.notes.withPrincipal, true),
  };
  const begin = async () => {
    const t = newTestApp({ registry: { tools }, functions: { notes } });
    await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
    return { t, key: (await issueKey(t)).key };
  };

  test("the list has the good ones", async () => {
    const warn = logged();
    const { t, key } = await begin();
    expect((await listTools(t, key)).map(({ name }) => name)).toEqual(["good", "stated"]);
    expect(warn).toHaveBeenCalledTimes(3);
    expect((await callTool(t, key, "good", { unit: "rows" })).isError).toBeUndefined();
  });

  test("no function sees a principal, job or input of a client, whatever its line forgot", async () => {
    const { t, key } = await begin();
    const forged = {
      principal: { subject: "root", tenant: "globex", role: "admin", keyId: "0" },
      job: { jobId: "0", dir: "toolgate" },
      input: { can: [], answers: "{}", more: 1 },
    };
    for (const name of ["untyped", "trusting", "good", "stated"]) {
      for (const [argument, value] of Object.entries(forged)) {
        delete notes.seen.args;
        const { isError, content } = await callTool(t, key, name, { [argument]: value });
        expect([isError, content[0]!.text]).toEqual([
          true,
          `invalid_arguments: ${argument}: no such argument`,
        ]);
        expect(notes.seen.args).toBeUndefined();
      }
    }
  });

  test("a name that cannot be shown reads like none", async () => {
    const { t, key } = await begin();
    const { json } = await rpc(t, key, "tools/call", { name: "a.b", arguments: { unit: "rows" } });
    expect(json.error).toMatchObject({ code: -32602, message: "Unknown tool: a.b" });
  });
});
