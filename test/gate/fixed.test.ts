/** Arguments that a key fixes: the server fills them in, and no client sees them, sends them or hears of them. */
import { zCustomQuery } from "convex-helpers/server/zod4";
import { ConvexError, v } from "convex/values";
import * as fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { keepZod } from "../../src/catalog/keepZod";
import { inputValidator } from "../../src/data/arguments";
import { tool, type Tools } from "../../src/registry/tools";
import { counting, newApp } from "../support/app";
import { form, modern } from "../support/askingApp";
import { callTool, issueKey, rows, rpc, type Backend, type ToolResult } from "../support/gate";
import { reads, ref, writes } from "../support/statedApp";

const asks = { input: true } as never as object;

const tools: Tools = {
  list: () => tool.query(ref<"query">("list"), { ...reads, headers: { company: "Company" } }),
  add: () => tool.mutation(ref<"mutation">("add"), writes),
  mail: () => tool.action(ref<"action">("mail"), { ...writes, precheck: ref<"query">("check") }),
  ask: () => tool.mutation(ref<"mutation">("ask"), { ...writes, ...asks }),
  park: () => tool.action(ref<"action">("park"), { ...writes, ...asks }),
  even: () => tool.query(ref<"query">("even"), reads),
  echo: () => tool.query(ref<"query">("echo"), reads),
};

const note = { company: v.string(), text: v.string(), size: v.optional(v.number()) };
const zodQuery = keepZod(
  zCustomQuery(internalQuery, { args: {}, input: async () => ({ ctx: {}, args: {} }) }),
);
const anything = v.optional(v.any());

const functions = {
  list: internalQuery({ args: note, handler: async (_ctx, args) => args }),
  add: internalMutation({
    args: note,
    handler: async (ctx, args) => {
      await ctx.db.insert("tenants", { slug: args.text, name: args.company, currency: "EUR" });
      return args;
    },
  }),
  check: internalQuery({
    args: note,
    returns: v.null(),
    handler: async (_ctx, { company }): Promise<null> => {
      if (company === "acme") return null;
      throw new ConvexError({ code: "not_found", message: "No such company." });
    },
  }),
  mail: internalAction({ args: note, handler: async (_ctx, args) => args }),
  ask: internalMutation({
    args: { ...note, input: inputValidator() },
    handler: async (ctx, { company, text, input }) => {
      await inputHandle(input).ask({ sure: form("Sure?", "name") });
      return ctx.db.insert("tenants", { slug: text, name: company, currency: "EUR" });
    },
  }),
  park: internalAction({
    args: { ...note, input: inputValidator() },
    handler: async (_ctx, { company, input }) => {
      await inputHandle(input).ask({ sure: form("Sure?", "name") });
      return company;
    },
  }),
  even: zodQuery({
    args: {
      count: z.number().refine((count) => count % 2 === 0, "must be even"),
      other: z.number().refine((count) => count % 2 === 0, "must be even too"),
    },
    handler: async (_ctx, args) => args,
  }),
  echo: internalQuery({
    args: { a: anything, b: anything, c: anything },
    handler: async (_ctx, args) => args,
  }),
};

const ACME = { company: "acme" };
const fixed = { list: ACME, add: ACME, mail: ACME, ask: ACME, park: ACME };

process.env.TOOLGATE_LIMIT_SCALE = "1000000";
const calls: string[] = [];
const t = newApp({ registry: { tools }, functions: { probe: functions }, front: counting(calls) });

let key: string;
let keyId: string;
let free: string;

beforeAll(async () => {
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  ({ key, keyId } = await issueKey(t, { fixed }));
  free = (await issueKey(t)).key;
});

afterEach(async () => {
  await update({ fixed });
});

const update = (changes: object) =>
  t.mutation(internal.toolgate.admin.updateKey, { keyId, ...changes });

/** What an operator cannot write, but a later deploy can make of it. */
const force = async (value: unknown): Promise<void> => {
  await t.run(async ({ db }) => {
    const row = (await db.query("toolgateKeys").collect()).find((one) => one.keyId === keyId)!;
    await db.patch("toolgateKeys", row._id, { fixed: value as never });
  });
};

const call = (name: string, args: object, as = key) => callTool(t, as, name, args);
const text = ({ content }: ToolResult) => content[0]!.text;
const lastAudit = async (backend: Backend = t) => (await rows(backend, "toolgateAudit")).at(-1);
const companies = async () =>
  (await rows(t, "tenants")).map(({ slug, name }) => `${name}: ${slug}`).sort();

interface Shown {
  readonly name: string;
  readonly inputSchema: { properties: Record<string, object>; required?: string[] };
}
const listed = async (as: string): Promise<Shown[]> =>
  (await rpc(t, as, "tools/list")).json.result?.tools as Shown[];

describe("a fixed argument is not there", () => {
  test("in the list of the key's client, and in that of others it is", async () => {
    const [own, others] = [await listed(key), await listed(free)];
    expect(JSON.stringify(own)).not.toMatch(/company/i);
    expect(JSON.stringify(others)).toContain('"x-mcp-header":"Company"');
    expect(own.map(({ name }) => name)).toEqual(others.map(({ name }) => name));
    for (const [index, { inputSchema, ...rest }] of own.entries()) {
      const { inputSchema: whole, ...same } = others[index]!;
      expect(rest).toEqual(same);
      const { company: _company, ...left } = whole.properties;
      expect(inputSchema.properties).toEqual(left);
      expect(inputSchema.required).toEqual(whole.required?.filter((name) => name !== "company"));
    }
  });

  test.each(["list", "add", "mail", "ask", "park"])(
    "for a client that sends it to %s",
    async (name) => {
      const before = [await companies(), (await rows(t, "toolgateJobs")).length];
      for (const company of ["acme", "globex", null, ""]) {
        const result = await call(name, { company, text: "x" });
        expect([result.isError, text(result)]).toEqual([
          ...[true, "invalid_arguments: company: no such argument"],
        ]);
        expect(await lastAudit()).toMatchObject({ outcome: "denied", reason: "fixed", tool: name });
      }
      expect([await companies(), (await rows(t, "toolgateJobs")).length]).toEqual(before);
    },
  );

  test.each(["list", "add", "mail"])(
    "in what is wrong with other arguments of %s",
    async (name) => {
      for (const args of [{}, { text: 5 }, { text: "x", compny: "y" }, { text: "x", size: "y" }]) {
        const result = await call(name, args);
        expect(text(result)).toMatch(/^invalid_arguments: /);
        expect(text(result)).not.toContain("company");
      }
      expect(text(await call(name, { text: "x", compny: "y" }))).toMatch(
        /Known arguments: text, size(?:, idempotencyKey)?$/,
      );
    },
  );

  test("in a header either: a client of 2026-07-28 sends none", async () => {
    const args = { text: "x" };
    const { json } = await modern(t, key, "tools/call", { name: "list", arguments: args });
    expect(json.result).toMatchObject({ structuredContent: { company: "acme", text: "x" } });
  });
});

describe("a fixed argument is filled in", () => {
  test.each(["list", "add", "mail"])("for %s, and the audit log has it", async (name) => {
    const sent = { text: `of ${name}` };
    calls.length = 0;
    const { structuredContent } = await call(name, sent);
    expect(structuredContent).toEqual({ ...ACME, ...sent });
    const row = (await rows(t, "toolgateAudit")).findLast(({ tool: called }) => called === name);
    const started = (await rows(t, "toolgateAudit")).find(
      (one) => one.operation === row?.operation,
    );
    expect(JSON.parse(started?.arguments ?? "")).toEqual({ ...ACME, ...sent });
    if (name === "add") expect(calls).toEqual(["toolgate/gate:admit"]);
    if (name === "list") expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
  });

  test("before a tool's precheck", async () => {
    await update({ fixed: { mail: { company: "globex" } } });
    expect(text(await call("mail", { text: "x" }))).toBe("not_found: No such company.");
  });

  test("beside arguments that are mended", async () => {
    for (const name of ["list", "add", "mail"]) {
      const { structuredContent } = await call(name, { text: `mended ${name}`, size: "5" });
      expect(structuredContent).toEqual({ ...ACME, text: `mended ${name}`, size: 5 });
    }
  });

  test("before constraints look at it", async () => {
    const constraints = { list: { company: { oneOf: ["acme"] } } };
    await update({ constraints });
    expect((await call("list", { text: "x" })).isError).toBeUndefined();
    await update({ fixed: { list: { company: "globex" } } });
    expect(text(await call("list", { text: "x" }))).toMatch(/^not_allowed: company: /);
    await update({ constraints: null });
  });

  test("before idempotency compares: another fixed value is another call", async () => {
    const args = { text: "once", idempotencyKey: "12345678" };
    const first = await call("add", args);
    expect((await call("add", args))._meta).toMatchObject({ "toolgate/replayed": true });
    expect(text(await call("add", { ...args, company: "acme" }))).toContain("no such argument");
    await update({ fixed: { add: { company: "globex" } } });
    expect(text(await call("add", args))).toMatch(/^idempotency_mismatch: /);
    await update({ fixed: null });
    expect((await call("add", { ...args, company: "acme" })).structuredContent).toEqual(
      first.structuredContent,
    );
    expect((await companies()).filter((one) => one.endsWith("once"))).toEqual(["acme: once"]);
  });

  test("as if the client had sent it, whatever it is (property)", async () => {
    const json = fc
      .jsonValue({ maxDepth: 2 })
      // As it is on the wire, where there is no -0.
      .map((one) => JSON.parse(JSON.stringify(one)) as unknown)
      .filter((one) => !/__proto__|\\u/.test(JSON.stringify(one)));
    const some = fc.dictionary(fc.constantFrom("a", "b", "c"), json);
    const named = (one: unknown): boolean =>
      typeof one !== "object" ||
      one === null ||
      Object.entries(one).every(
        ([name, member]) => (Array.isArray(one) || /^[a-z]\w*$/i.test(name)) && named(member),
      );
    await fc.assert(
      fc.asyncProperty(some.filter(named), some.filter(named), async (set, sent) => {
        await update({ fixed: { echo: set } });
        const result = await call("echo", sent);
        if (Object.keys(sent).some((name) => name in set)) expect(result.isError).toBe(true);
        else expect(result.structuredContent).toEqual({ ...sent, ...set });
      }),
      { numRuns: 30 },
    );
  });
});

describe("a question that was asked for one value", () => {
  const params = { name: "ask", arguments: { text: "asked" } };
  const elicits = { elicitation: {} };

  test("is not answered for another", async () => {
    const asked = await modern(t, key, "tools/call", params, elicits);
    const { requestState } = asked.json.result as { requestState: string };
    const inputResponses = { sure: { action: "accept", content: { name: "yes" } } };
    const answer = () =>
      modern(t, key, "tools/call", { ...params, requestState, inputResponses }, elicits);
    await update({ fixed: { ask: { company: "globex" } } });
    expect((await answer()).json.error?.message).toContain('"requestState" was not issued');
    await update({ fixed });
    expect((await answer()).json.result).toMatchObject({ resultType: "complete" });
    expect((await companies()).filter((one) => one.endsWith("asked"))).toEqual(["acme: asked"]);
  });

  test("nor does its job go on with a value that was overruled", async () => {
    /** Parks a job, changes the key, answers, and returns how the job has ended. */
    const endAfter = async (then: object) => {
      await modern(t, key, "tools/call", { ...params, name: "park" }, elicits);
      await update(then);
      const { jobId, tenant, subject, role } = (await rows(t, "toolgateJobs")).at(-1)!;
      const responses = JSON.stringify({ sure: { action: "accept", content: { name: "yes" } } });
      const principal = { tenant, subject, role, keyId };
      await t.mutation(internal.toolgate.jobs.answer, { jobId, principal, responses });
      const job = async () => (await rows(t, "toolgateJobs")).at(-1)!;
      await vi.waitUntil(async () => ["succeeded", "failed"].includes((await job()).state));
      return job();
    };
    const overruled = { state: "failed", failure: { code: "not_allowed" } };
    expect(await endAfter({ fixed })).toMatchObject({ state: "succeeded", result: '"acme"' });
    expect(await endAfter({ fixed: { park: { company: "globex" } } })).toMatchObject(overruled);
  });
});

describe("a fixed argument that the tool does not take is the operator's fault", () => {
  const SAYS = /^misconfigured_key: The operator of this server .* tell the operator\.$/;

  test.each<[string, unknown]>([
    ["list", { list: { company: 417 } }],
    ["add", { add: { company: 417 } }],
    ["mail", { mail: { company: 417 } }],
    ["list", { list: { company: "acme", gone: 417 } }],
    ["even", { even: { count: 417 } }],
  ])("%s %j", async (name, wrong) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await force(wrong);
    const before = await companies();
    const { status, json } = await rpc(t, key, "tools/call", {
      ...{ name, arguments: name === "even" ? { other: 2 } : { text: "x" } },
    });
    const told = text(json.result as unknown as ToolResult);
    expect([status, json.result?.isError]).toEqual([200, true]);
    expect(told).toMatch(SAYS);
    expect(told).not.toMatch(/417|company|gone|count/);
    expect(await companies()).toEqual(before);
    expect(warn.mock.calls.join()).toMatch(/company|count/);
    expect(warn.mock.calls.join()).not.toContain("417");
    warn.mockRestore();
  });

  test("and what the client did wrong is still the client's", async () => {
    await update({ fixed: { even: { count: 2 } } });
    expect(text(await call("even", { other: 3 }))).toBe(
      "invalid_arguments: other: must be even too",
    );
  });
});

describe("an operator who fixes what cannot be is told so", () => {
  test.each<[string, object]>([
    ["fixed: there is no tool", { nonesuch: { a: 1 } }],
    ["fixed: there is no tool", { toString: { a: 1 } }],
    ["fixed: list.nonesuch: no such argument", { list: { nonesuch: 1 } }],
    ["fixed: list.company: expected string", { list: { company: 5 } }],
    ["fixed: list.principal: no such argument", { list: { principal: { tenant: "x" } } }],
    ["fixed: ask.input: no such argument", { ask: { input: {} } }],
    ["fixed: add.idempotencyKey is for the client", { add: { idempotencyKey: "12345678" } }],
    [
      "fixed: echo.principal: no such",
      { echo: { principal: { subject: "", role: "", keyId: "" } } },
    ],
    ["fixed: expected values that JSON can hold", { echo: { a: 1n } }],
    ["fixed: expected values that JSON can hold", { echo: { a: [NaN] } }],
    ["fixed: expected values that JSON can hold", { echo: { a: new ArrayBuffer(1) } }],
    ["fixed: expected at most 8192", { echo: { a: "x".repeat(9000) } }],
  ])("%s", async (message, wrong) => {
    const before = (await rows(t, "toolgateKeys")).length;
    await expect(issueKey(t, { fixed: wrong as never })).rejects.toThrow(message);
    await expect(update({ fixed: wrong })).rejects.toThrow(message);
    expect((await rows(t, "toolgateKeys")).length).toBe(before);
    expect((await call("list", { text: "x" })).structuredContent).toMatchObject(ACME);
  });

  test("and rotation keeps it", async () => {
    const old = await issueKey(t, { fixed });
    const next = await t.action(internal.toolgate.admin.rotateKey, { keyId: old.keyId });
    expect(next.fixed).toEqual(fixed);
    expect((await call("list", { text: "x" }, next.key)).structuredContent).toMatchObject(ACME);
  });
});
