/** A tool is one internal function and one line: what that gives, for a mutation, a query and an action. */
import { getFunctionName, type FunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalMutation } from "../../convex/_generated/server";
import { listing, type Modules } from "../../src/catalog/catalog";
import { LEASE_MS } from "../../src/jobs/job";
import { finishJob } from "../../src/jobs/lease";
import { tool, type Tool } from "../../src/registry/tools";
import {
  callTool,
  dump,
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

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

const HOUR = 60 * 60 * 1000;

let t: Backend;
let key: string;
let tenantId: string;

const begin = async (front?: Front, jobs?: object) => {
  t = newApp(front, jobs);
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
const outcomesOfMail = async () =>
  (await rows(t, "mcpAudit"))
    .filter(({ tool }) => tool === "mail_send")
    .map(({ outcome, reason }) => reason ?? outcome);
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
        type: "object",
        anyOf: [
          { ...closed, properties: { receipt: { type: "string" } }, required: ["receipt"] },
          {
            ...closed,
            description: expect.stringMatching(/^\w.*\.$/),
            properties: { jobId: { type: "string" }, state: { const: "working" } },
            required: ["jobId", "state"],
          },
        ],
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

  const jobOf = async () => (await rows(t, "mcpJobs")).at(-1)!;

  test("runs as a job, whose row ends with the call's", async () => {
    const finish = pending();
    const result = call("mail_send", { to: "ada" });
    await started();
    const { _id: operation, keyId } = (await lastRow())!;
    expect(await jobOf()).toMatchObject({
      ...{ tool: "mail_send", state: "working", watchers: 1 },
      ...{ operation, keyId, tenant: "acme", role: "admin", cancelRequested: false },
    });
    // Once the worker has them, nobody needs the arguments any more; they may be long.
    expect(await jobOf()).not.toHaveProperty("arguments");
    finish("r-1");
    await result;
    expect(await jobOf()).toMatchObject({ state: "succeeded", result: '{"receipt":"r-1"}' });
    // The request's place among the open streams is free again.
    expect(await rows(t, "mcpStreams")).toEqual([]);
  });

  test("that refuses is failed, with its own words, and may be called again", async () => {
    let isThere = false;
    notes.mail.send = () => {
      if (isThere) return Promise.resolve("r-2");
      throw new ConvexError({ code: "no_address", message: "Nobody is there." });
    };
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    expect(await call("mail_send", args)).toMatchObject({
      isError: true,
      content: [{ text: "no_address: Nobody is there." }],
    });
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "no_address" });
    expect(await jobOf()).toMatchObject({ state: "failed", failure: { code: "no_address" } });
    isThere = true;
    expect((await call("mail_send", args)).structuredContent).toEqual({ receipt: "r-2" });
    expect(notes.mail.runs).toBe(2);
    expect(await lastRow()).toMatchObject({ outcome: "succeeded" });
    // Once it has succeeded, no more.
    expect((await call("mail_send", args))._meta).toEqual({ "toolgate/replayed": true });
    expect(notes.mail.runs).toBe(2);
    expect((await rows(t, "mcpJobs")).map(({ state }) => state)).toEqual(["failed", "succeeded"]);
  });

  test("that throws may have done anything: unknown, with an id to quote", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    notes.mail.send = () => Promise.reject(new Error("smtp password in /etc/mail"));
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const result = await call("mail_send", args);
    expect(textOf(result)).toMatch(
      /^outcome_unknown: Internal error\. Quote [\da-f-]{36} to the operator\. .*read the data/,
    );
    expect(log).toHaveBeenCalledOnce();
    expect(await lastRow()).toMatchObject({ outcome: "unknown", reason: "internal" });
    // The mail may be out: the same key does not send it again.
    expect(await call("mail_send", args)).toEqual(result);
    expect(notes.mail.runs).toBe(1);
    expect(JSON.stringify(await dump(t))).not.toContain("smtp password");
  });

  test("is explained what is wrong with its arguments, and does not run", async () => {
    const result = await call("mail_send", { too: "ada" });
    expect(textOf(result)).toMatch(/^invalid_arguments: /);
    expect(textOf(result)).toContain('too: no such argument; did you mean "to"?');
    expect(notes.mail.runs).toBe(0);
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "invalid_arguments" });
  });

  test("runs once per idempotency key; while it runs, another call waits for the same job", async () => {
    const finish = pending();
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const first = call("mail_send", args);
    await started();
    const during = call("mail_send", args);
    await vi.waitFor(async () => {
      expect(await outcomesOfMail()).toEqual(["started", "replayed"]);
    });
    const other = await call("mail_send", { ...args, to: "bob" });
    expect(textOf(other)).toMatch(/^idempotency_mismatch: /);
    finish("r-1");
    const result = await first;
    expect(result.structuredContent).toEqual({ receipt: "r-1" });
    expect(await during).toEqual(result);
    expect(await call("mail_send", args)).toEqual({
      ...result,
      _meta: { "toolgate/replayed": true },
    });
    expect(notes.mail.runs).toBe(1);
    expect(await rows(t, "mcpJobs")).toHaveLength(1);
    expect(await outcomesOfMail()).toEqual([
      "succeeded",
      "replayed",
      "idempotency_mismatch",
      "replayed",
    ]);
    expect(await rows(t, "mcpStreams")).toEqual([]);
  });

  test("costs the admission, looks, and the return of its place", async () => {
    const calls: string[] = [];
    await begin((ctx, _request, next) =>
      next({
        runQuery: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
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
    const looks = calls.filter((name) => name === "jobs:watch");
    expect(looks.length).toBeGreaterThan(0);
    // A job that ends at once is seen at the second look.
    expect(looks.length).toBeLessThan(5);
    expect(calls.splice(0)).toEqual(["gate:admit", ...looks, "jobs:hold"]);
    await call("mail_send", args);
    expect(calls).toEqual(["gate:admit", "jobs:hold"]);
  });

  test("with 8 parallel duplicates runs once: 4 wait for it, the others find the key's streams taken", async () => {
    const finish = pending();
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const params = { name: "mail_send", arguments: args };
    const replies = Array.from({ length: 8 }, () =>
      post(t, key, { jsonrpc: "2.0", id: 1, method: "tools/call", params }, json),
    );
    await vi.waitFor(async () => {
      expect(await outcomesOfMail()).toHaveLength(8);
    });
    await started();
    finish("r-1");
    const ended = await Promise.all(replies);
    expect(notes.mail.runs).toBe(1);
    const served = ended.filter(({ status }) => status === 200);
    expect(served).toHaveLength(4);
    for (const { text } of served) expect(text).toBe(served[0]!.text);
    expect(served[0]!.json.result?.structuredContent).toEqual({ receipt: "r-1" });
    const refused = ended.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(4);
    for (const { headers } of refused) expect(headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await outcomesOfMail()).sort()).toEqual([
      ...["replayed", "replayed", "replayed"],
      ...Array<string>(4).fill("stream_limit"),
      "succeeded",
    ]);
    expect(await rows(t, "mcpStreams")).toEqual([]);
    expect((await call("mail_send", args))._meta).toEqual({ "toolgate/replayed": true });
  });

  describe("whose worker dies", () => {
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
    const expire = async () => t.mutation(internal.jobs.expire, await ofJob());
    const ofJob = async () => ({ jobId: (await jobOf()).jobId });

    /** As if the machine had died when the mail was out: it is not heard of again. */
    const lose = async () => {
      vi.spyOn(console, "error").mockReturnValue();
      const died = internalMutation({
        args: { jobId: v.string(), outcome: v.any() },
        handler: () => {
          throw new Error("died");
        },
      });
      await begin(undefined, { finish: died });
      const result = call("mail_send", args);
      await started();
      return result;
    };

    test("stays started until its lease is over, then becomes unknown, and never failed", async () => {
      const waiting = lose();
      await started();
      const row = await lastRow();
      expect(row).toMatchObject({ tool: "mail_send", outcome: "started" });
      await expire();
      later(LEASE_MS - 2_000);
      await expire();
      expect(await lastRow()).toEqual(row);
      expect(await jobOf()).toMatchObject({ state: "working" });
      later(3_000);
      await expire();
      const { settledAt, ...ended } = (await lastRow())!;
      expect(ended).toEqual({ ...row, outcome: "unknown" });
      expect(settledAt).toBeGreaterThan(row!.at + LEASE_MS);
      expect(textOf(await waiting)).toMatch(
        /^outcome_unknown: The server lost the job\. .*read the data/,
      );
      // Terminal: neither a late end, nor a sign of life, nor the watchdog, nor a sweep changes it.
      const job = await jobOf();
      expect(job.state).toBe("unknown");
      await t.run((tx) =>
        finishJob.handler(tx as never, {
          jobId: job.jobId,
          outcome: { state: "succeeded", result: "{}" },
        }),
      );
      await t.mutation(internal.jobs.report, { jobId: job.jobId, progress: { done: 1 } });
      await t.mutation(internal.jobs.renew, { jobId: job.jobId });
      await t.action(internal.worker.run, { jobId: job.jobId });
      later(60_000);
      await expire();
      await t.mutation(internal.crons.sweep, {});
      expect(await lastRow()).toEqual({ ...ended, settledAt });
      expect(await jobOf()).toEqual(job);
      expect(notes.mail.runs).toBe(1);
    });

    test("is not run again for the same key, and the caller is told to look", async () => {
      const waiting = lose();
      await started();
      // While nobody knows, another call waits too.
      const during = call("mail_send", args);
      await vi.waitFor(async () => {
        expect(await outcomesOfMail()).toEqual(["started", "replayed"]);
      });
      later(LEASE_MS + 1_000);
      await expire();
      const unknown = /^outcome_unknown: The server lost the job\. .*read the data/;
      expect(textOf(await waiting)).toMatch(unknown);
      expect(textOf(await during)).toMatch(unknown);
      expect(textOf(await call("mail_send", args))).toMatch(unknown);
      expect(await outcomesOfMail()).toEqual(["unknown", "replayed", "outcome_unknown"]);
      expect(await rows(t, "mcpStreams")).toEqual([]);
      expect(notes.mail.runs).toBe(1);
      later(47 * HOUR);
      await t.mutation(internal.crons.sweep, {});
      expect(textOf(await call("mail_send", args))).toMatch(unknown);
      later(2 * HOUR);
      await t.mutation(internal.crons.sweep, {});
      expect(await rows(t, "mcpJobs")).toEqual([]);
      const again = call("mail_send", args);
      await vi.waitFor(() => {
        expect(notes.mail.runs).toBe(2);
      });
      later(LEASE_MS + 1_000);
      await expire();
      await again;
    });
  });
});

describe("a mistake in the registry is told when the list is asked for", () => {
  const modules: Modules = { notes };
  const list = (name: string, bound: Tool, of = modules) => {
    const { handler } = listing({ tools: { [name]: () => bound }, modules: of });
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
    expect(list("x", query(app.notes.count))()).toMatchObject([{ name: "x" }]);
    expect(tool.query(app.notes.count, { permission: "a", description: "b" })).toMatchObject({
      kind: "query",
    });
  });
});
