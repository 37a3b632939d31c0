/** What an app wants told of its plain errors, and that nothing else is told. */
import { anyApi, type ApiFromModules } from "convex/server";
import { ConvexError, v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internalAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { resource, tool } from "../../../src/entry/tools";
import { asThrown } from "../../../src/run/thrown";
import { counting } from "../../support/app";
import { callTool, post, rpc, rows } from "../../support/gate";
import { begin, reads, textOf, writes } from "./setup";

const TAKEN = "A contact with this email already exists";

/** The forms in which the caller of a nested function gets an error: convex-test's, and Convex's. */
const FORMS: readonly [string, (message: string) => string][] = [
  ["convex-test", (message) => message],
  [
    "Convex",
    (message) =>
      `Uncaught Error: ${message}\n    at handler (../convex/contacts.ts:12:9)\n    at async invokeMutation (../node_modules/convex/src/server/impl/registration_impl.ts:88:2)\n`,
  ],
  [
    "Convex, through a function between",
    (message) =>
      `Uncaught Error: Uncaught Error: ${message}\n    at handler (../convex/a.ts:1:9)\n\n    at async handler (../convex/b.ts:2:2)\n`,
  ],
];

let thrown: unknown;
let runs = 0;
const fail = (): never => {
  runs++;
  throw thrown;
};

const own = {
  add: internalMutation({
    args: { tenantId: v.optional(v.id("tenants")) },
    handler: async (ctx) => {
      const { _id: tenantId } = (await ctx.db.query("tenants").first())!;
      await ctx.db.insert("counters", { tenantId, series: "x", last: 1 });
      if (thrown !== undefined) fail();
      return "added";
    },
  }),
  get: internalQuery({ args: { id: v.optional(v.string()) }, handler: fail }),
  send: internalAction({ args: {}, handler: fail }),
};
const api = (anyApi as unknown as ApiFromModules<{ own: typeof own }>).own;
const tools = {
  add: tool.mutation(api.add, writes),
  get: tool.query(api.get, reads),
  send: tool.action(api.send, writes),
};
const resources = {
  "own://one": () => resource(api.get, { ...reads, name: "one", mimeType: "text/plain" }),
};

/** What the app says of an error. */
let errors: (error: Error) => unknown;
const seen: Error[] = [];
const calls: string[] = [];
let app: Awaited<ReturnType<typeof begin>>;

beforeEach(async () => {
  thrown = undefined;
  runs = 0;
  seen.length = 0;
  errors = ({ message }) => (message === TAKEN ? { code: "taken", message } : undefined);
  const mapper = (error: Error) => {
    seen.push(error);
    return errors(error) as never;
  };
  app = await begin(tools, own, { front: counting(calls) }, { errors: mapper, resources });
  calls.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const call = (name: string, args: object = {}) => callTool(app.t, app.key, name, args);
const INTERNAL = /^internal: Internal error\. Quote [\da-f-]{36} to the operator\./;
const silence = () => vi.spyOn(console, "error").mockReturnValue();
const auditOf = async (name: string) =>
  (await rows(app.t, "toolgateAudit")).flatMap(({ tool, outcome, reason }) =>
    tool === name ? [[outcome, reason]] : [],
  );

describe.each(FORMS)("in the form of %s", (_form, text) => {
  test("a mutation's error is told, its effect is undone, and its call stands in the audit log", async () => {
    thrown = new Error(text(TAKEN));
    const args = { idempotencyKey: "contact-0001" };
    expect(await call("add", args)).toMatchObject({
      isError: true,
      content: [{ text: `taken: ${TAKEN}` }],
    });
    expect(calls).toEqual(["toolgate/gate:admit"]);
    expect(seen.map(({ name, message }) => [name, message])).toEqual([["Error", TAKEN]]);
    expect(await rows(app.t, "counters")).toEqual([]);
    expect(await auditOf("add")).toEqual([["failed", "taken"]]);
    // It did not count, so the same call may be made again.
    thrown = undefined;
    expect((await call("add", args)).structuredContent).toEqual({ result: "added" });
    expect(await rows(app.t, "counters")).toHaveLength(1);
  });

  test("so are those of a query, a resource, and an action, which has failed then", async () => {
    thrown = new Error(text(TAKEN));
    expect(textOf(await call("get"))).toBe(`taken: ${TAKEN}`);
    const read = await rpc(app.t, app.key, "resources/read", { uri: "own://one" });
    expect(read.json.error).toMatchObject({ code: -32602, message: TAKEN });
    const sent = await post(
      app.t,
      app.key,
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "send" } },
      { accept: "application/json" },
    );
    expect(sent.json.result).toMatchObject({ content: [{ text: `taken: ${TAKEN}` }] });
    expect(await auditOf("send")).toEqual([
      ["started", undefined],
      ["failed", "taken"],
    ]);
  });

  test("an error that the app has no word for stays the server's", async () => {
    const log = silence();
    thrown = new Error(text("smtp password in /etc/mail"));
    expect(textOf(await call("get"))).toMatch(INTERNAL);
    expect(textOf(await call("add"))).toMatch(INTERNAL);
    expect(await rows(app.t, "counters")).toEqual([]);
    expect(await auditOf("add")).toEqual([["failed", "internal"]]);
    expect(log).toHaveBeenCalledTimes(2);
  });
});

describe("the mapper is not asked", () => {
  beforeEach(() => {
    errors = ({ message }) => ({ code: "all", message });
  });

  test("of arguments and results that do not fit", async () => {
    expect(textOf(await call("get", { id: 5 }))).toBe(
      "invalid_arguments: id: expected string, got 5",
    );
    silence();
    for (const kind of ["ArgumentValidationError", "ReturnsValidationError"]) {
      thrown = new Error(`Uncaught Error: ${kind}: Value does not match. Value: {secret: 1}\n`);
      expect(textOf(await call("get"))).toMatch(INTERNAL);
    }
    expect(seen).toEqual([]);
  });

  test("of what the app refuses by itself", async () => {
    thrown = new ConvexError({ code: "closed", message: "We are closed." });
    expect(textOf(await call("get"))).toBe("closed: We are closed.");
    expect(seen).toEqual([]);
  });
});

describe("a mapper that is wrong does no harm:", () => {
  test.each<[string, (error: Error) => unknown]>([
    ["it throws", () => fail()],
    ["a promise", () => Promise.resolve({ code: "a", message: "b" })],
    ["null", () => null],
    ["a text", () => "a contact exists"],
    ["no code", ({ message }) => ({ message })],
    ["no text as message", () => ({ code: "a", message: 5 })],
    ["nothing as message", () => ({ code: "a", message: "" })],
  ])("%s", async (_what, wrong) => {
    silence();
    errors = wrong;
    thrown = new Error(TAKEN);
    expect(textOf(await call("get"))).toMatch(INTERNAL);
  });

  test("a long failure is cut, as every other", async () => {
    errors = () => ({ code: "c".repeat(100), message: "m".repeat(10_000) });
    thrown = new Error(TAKEN);
    const text = textOf(await call("get"));
    expect(text.length).toBeLessThanOrEqual(64 + 2 + 8192);
    expect(text).toMatch(/^c{60}.*: m{8000}/);
  });
});

test.each([
  ["Uncaught TypeError: x is undefined\n    at a (b.ts:1:1)\n", "TypeError", "x is undefined"],
  ["Uncaught NotFound: gone", "NotFound", "gone"],
  ["Uncaught Error: first\nsecond\n    at a (b.ts:1:1)\n    at c", "Error", "first\nsecond"],
  ["Uncaught Error: not here: there", "Error", "not here: there"],
  ["Uncaught Error: Uncaught SyntaxError: odd\n    at a\n\n    at b", "SyntaxError", "odd"],
  ["Uncaught plain words: no name", "Error", "plain words: no name"],
  ["Uncaught Error", "Error", "Error"],
  ["look at it", "Error", "look at it"],
])("%j is read as it was thrown", (text, name, message) => {
  expect(asThrown(new Error(text))).toMatchObject({ name, message });
});
