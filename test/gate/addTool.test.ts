/** A tool is one internal function and one line: what that gives, for a mutation, a query and an action. */
import { getFunctionName, type FunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { listing, type Modules } from "../../src/catalog/catalog";
import { tool, type Tool } from "../../src/tools";
import {
  callTool,
  issueKey,
  listTools,
  post,
  rows,
  type Backend,
  type ToolResult,
} from "../support/gate";
import type { Front } from "../support/http";
import { app, newApp } from "./addTool/app";
import * as notes from "./addTool/notes";

const HOUR = 60 * 60 * 1000;

let t: Backend;
let key: string;
let tenantId: string;

const begin = async (front?: Front) => {
  t = newApp(front);
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  tenantId = (await rows(t, "tenants"))[0]!._id;
  ({ key } = await issueKey(t));
};

beforeEach(async () => {
  notes.mail.runs = 0;
  notes.mail.send = () => Promise.resolve("sent");
  await begin();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const textOf = ({ content }: ToolResult) => content[0]!.text;
const lastRow = async () => (await rows(t, "mcpAudit")).at(-1);
const json = { accept: "application/json" };

/** Calls for an answer in JSON; an action answers with a stream else. */
const call = async (name: string, args: object): Promise<ToolResult> => {
  const reply = await post(
    t,
    key,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    json,
  );
  if (reply.json.result === undefined) throw new Error(`no result: ${reply.text}`);
  return reply.json.result as unknown as ToolResult;
};

test("the list has their schemas, from their validators", async () => {
  const closed = { type: "object", additionalProperties: false };
  const idempotencyKey = expect.objectContaining({ type: "string", pattern: "^[!-~]{8,128}$" });
  expect(await listTools(t, key)).toEqual([
    {
      name: "notes_add",
      description: "Add a note.",
      inputSchema: {
        ...closed,
        properties: {
          tenantId: { type: "string" },
          series: { type: "string" },
          last: { type: "number" },
          idempotencyKey,
        },
        required: expect.arrayContaining(["tenantId", "series"]),
      },
      outputSchema: {
        ...closed,
        properties: { result: { type: "string" } },
        required: ["result"],
      },
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    {
      name: "notes_count",
      title: "Count notes",
      description: "How many notes there are.",
      inputSchema: {
        ...closed,
        properties: { unit: { type: "string", enum: ["rows", "dozens"] } },
        required: ["unit"],
      },
      outputSchema: {
        ...closed,
        properties: { result: { type: "number" } },
        required: ["result"],
      },
      annotations: { title: "Count notes", readOnlyHint: true, openWorldHint: false },
    },
    {
      name: "mail_send",
      description: "Send a mail.",
      inputSchema: {
        ...closed,
        properties: { to: { type: "string" }, copies: { type: "number" }, idempotencyKey },
        required: ["to"],
      },
      outputSchema: {
        ...closed,
        properties: { receipt: { type: "string" } },
        required: ["receipt"],
      },
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
  ]);
});

describe("a mutation", () => {
  test("runs, is recorded, and is done once per idempotency key", async () => {
    const args = { tenantId, series: "note", idempotencyKey: "note-12345" };
    const first = await callTool(t, key, "notes_add", args);
    const [row] = await rows(t, "counters");
    expect(first.structuredContent).toEqual({ result: row!._id });
    expect(textOf(first)).toBe(JSON.stringify({ result: row!._id }));
    expect(await lastRow()).toMatchObject({
      tool: "notes_add",
      outcome: "succeeded",
      arguments: JSON.stringify({ tenantId, series: "note" }),
    });
    const second = await callTool(t, key, "notes_add", args);
    expect(second).toEqual({ ...first, _meta: { "toolgate/replayed": true } });
    expect(await rows(t, "counters")).toHaveLength(1);
  });

  test("is explained what is wrong with its arguments", async () => {
    const result = await callTool(t, key, "notes_add", { tenantid: tenantId, series: 1 });
    expect(result.isError).toBe(true);
    expect(textOf(result).split("\n").sort()).toEqual([
      expect.stringMatching(/^invalid_arguments: tenantId: missing, expected string$/),
      expect.stringMatching(/^series: expected string, got 1$/),
      expect.stringMatching(/^tenantid: no such argument; did you mean "tenantId"\?/),
    ]);
    expect(await rows(t, "counters")).toEqual([]);
  });

  test("gets no principal from a client that sends one", async () => {
    const principal = { subject: "x", tenant: "globex", role: "admin", keyId: "k" };
    const result = await callTool(t, key, "notes_add", { tenantId, series: "a", principal });
    expect(textOf(result)).toMatch(/^invalid_arguments: principal: no such argument/);
  });

  test("says that an id is not one, and not that the server is at fault", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const result = await callTool(t, key, "notes_add", { tenantId: "nonsense", series: "a" });
    expect(textOf(result)).toMatch(/^invalid_arguments: tenantId: /);
  });
});

test("a query runs and is wrapped as an object", async () => {
  await callTool(t, key, "notes_add", { tenantId, series: "a" });
  expect(await callTool(t, key, "notes_count", { unit: "rows" })).toEqual({
    content: [{ type: "text", text: '{"result":1}' }],
    structuredContent: { result: 1 },
  });
  expect(await lastRow()).toMatchObject({ tool: "notes_count", outcome: "answered" });
  expect(textOf(await callTool(t, key, "notes_count", { unit: "row" }))).toMatch(
    /^invalid_arguments: unit: expected one of "rows", "dozens", got "row"; did you mean "rows"\?$/,
  );
});

describe("an action", () => {
  const pending = () => {
    let finish!: (receipt: string) => void;
    notes.mail.send = () => new Promise((resolve) => (finish = resolve));
    return (receipt: string) => {
      finish(receipt);
    };
  };
  const started = () =>
    vi.waitFor(() => {
      expect(notes.mail.runs).toBe(1);
    });

  test("is recorded before it runs, and again when it has ended", async () => {
    const finish = pending();
    const result = call("mail_send", { to: "ada" });
    await started();
    const row = await lastRow();
    expect(row).toMatchObject({ tool: "mail_send", outcome: "started", arguments: '{"to":"ada"}' });
    expect(row).not.toHaveProperty("settledAt");
    finish("r-1");
    expect((await result).structuredContent).toEqual({ receipt: "r-1" });
    const { settledAt, ...settled } = (await lastRow())!;
    expect(settled).toEqual({ ...row, outcome: "succeeded" });
    expect(settledAt).toBeGreaterThanOrEqual(row!.at);
  });

  test("answers with a stream if the client takes one", async () => {
    const reply = await post(t, key, {
      jsonrpc: "2.0",
      id: 7,
      method: "tools/call",
      params: { name: "mail_send", arguments: { to: "ada" } },
    });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const data = /^data: (.*)$/m.exec(reply.text)![1]!;
    expect(JSON.parse(data)).toMatchObject({
      id: 7,
      result: { structuredContent: { receipt: "sent" } },
    });
  });

  test("that refuses is failed, with its own words", async () => {
    const result = await call("mail_send", { to: "nobody", idempotencyKey: "mail-12345" });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: "no_address: Nobody is there." }],
    });
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "no_address" });
    expect(await rows(t, "mcpIdempotency")).toEqual([]);
  });

  test("that throws is failed, with an id to quote", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    notes.mail.send = () => Promise.reject(new Error("smtp password in /etc/mail"));
    const result = await call("mail_send", { to: "ada" });
    expect(textOf(result)).toMatch(/^internal: Internal error. Quote /);
    expect(log).toHaveBeenCalledOnce();
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "internal" });
  });

  test("is explained what is wrong with its arguments, and does not run", async () => {
    const result = await call("mail_send", { too: "ada" });
    expect(textOf(result)).toContain('too: no such argument; did you mean "to"?');
    expect(notes.mail.runs).toBe(0);
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "invalid_arguments" });
  });

  test("runs once per idempotency key; while it runs, another call is told so", async () => {
    const finish = pending();
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const first = call("mail_send", args);
    await started();
    const during = await call("mail_send", args);
    expect(textOf(during)).toMatch(/^idempotency_in_progress: /);
    expect(during.isError).toBe(true);
    const other = await call("mail_send", { ...args, to: "bob" });
    expect(textOf(other)).toMatch(/^idempotency_mismatch: /);
    finish("r-1");
    const result = await first;
    expect(await call("mail_send", args)).toEqual({
      ...result,
      _meta: { "toolgate/replayed": true },
    });
    expect(notes.mail.runs).toBe(1);
    const outcomes = (await rows(t, "mcpAudit")).filter(({ tool }) => tool === "mail_send");
    expect(outcomes.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      "succeeded",
      "idempotency_in_progress",
      "idempotency_mismatch",
      "replayed",
    ]);
  });

  test("costs three Convex calls, and one when it is replayed", async () => {
    const calls: string[] = [];
    await begin((ctx, _request, next) =>
      next({
        runQuery: (ref, ...rest) => {
          calls.push("query");
          return ctx.runQuery(ref, ...rest);
        },
        runMutation: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
          return ctx.runMutation(ref, ...rest);
        },
        runAction: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
          return ctx.runAction(ref, ...rest);
        },
      }),
    );
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    await call("mail_send", args);
    expect(calls.splice(0)).toEqual(["gate:admit", "notes:send", "gate:settle"]);
    await call("mail_send", args);
    expect(calls).toEqual(["gate:admit"]);
  });

  test("with 8 parallel duplicates runs once", async () => {
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const results = await Promise.all(Array.from({ length: 8 }, () => call("mail_send", args)));
    expect(notes.mail.runs).toBe(1);
    const texts = results.map((result) => textOf(result).split(":")[0]);
    expect(new Set(texts)).toEqual(new Set(['{"receipt"', "idempotency_in_progress"]));
  });

  describe("whose end is never recorded", () => {
    const args = { to: "ada", idempotencyKey: "mail-12345" };

    /** As if the machine had died after the mail went out. */
    const lose = async () => {
      vi.spyOn(console, "error").mockReturnValue();
      let calls = 0;
      await begin((ctx, _request, next) =>
        next({
          runMutation: (ref, ...rest) =>
            ++calls === 2 ? Promise.reject(new Error("died")) : ctx.runMutation(ref, ...rest),
        }),
      );
      await post(
        t,
        key,
        {
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "mail_send", arguments: args },
        },
        json,
      );
      calls = 2;
    };
    const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
    const sweep = () => t.mutation(internal.crons.sweep, {});

    test("stays started, then becomes unknown, and never failed", async () => {
      await lose();
      expect(notes.mail.runs).toBe(1);
      const row = await lastRow();
      expect(row).toMatchObject({ tool: "mail_send", outcome: "started" });
      expect(await sweep()).toEqual({ lost: 0, unknown: 0, forgotten: 0 });
      expect(await lastRow()).toEqual(row);
      later(36 * 60 * 1000);
      expect(await sweep()).toEqual({ lost: 1, unknown: 1, forgotten: 0 });
      const { settledAt, ...swept } = (await lastRow())!;
      expect(swept).toEqual({ ...row, outcome: "unknown" });
      expect(settledAt).toBe(Date.now());
      // Terminal: neither a late end nor another sweep changes it.
      await t.mutation(internal.gate.settle, {
        operation: row!._id,
        outcome: { state: "succeeded", result: "{}" },
      });
      await sweep();
      expect(await lastRow()).toEqual({ ...swept, settledAt });
    });

    test("is not run again for the same key, and the caller is told to look", async () => {
      await lose();
      expect(textOf(await call("mail_send", args))).toMatch(/^idempotency_in_progress: /);
      later(HOUR);
      await sweep();
      expect(textOf(await call("mail_send", args))).toMatch(
        /^idempotency_unknown: .*Read the data/,
      );
      expect(notes.mail.runs).toBe(1);
      later(48 * HOUR);
      expect((await call("mail_send", args)).structuredContent).toEqual({ receipt: "sent" });
    });
  });
});

describe("a mistake in the registry is told when the list is asked for", () => {
  const modules: Modules = { notes };
  const list = (name: string, bound: Tool, of = modules) => {
    const { handler } = listing({ tools: { [name]: bound }, modules: of });
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
      'Tool x: add the module "notes" to convex/catalog.ts',
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
    expect(JSON.parse(list("x", query(app.notes.count))())).toHaveLength(1);
    expect(tool.query(app.notes.count, { permission: "a", description: "b" })).toMatchObject({
      kind: "query",
    });
  });
});
