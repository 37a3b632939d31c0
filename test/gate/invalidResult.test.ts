/**
 * A tool that returns what its own `returns` refuses: effect and answer stand or fall together. Convex, and convex-test alike, commit a
 * nested mutation before they check what it returned.
 */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { resource } from "../../src/registry/resources";
import { tool, type ToolKind } from "../../src/registry/tools";
import type { Registry } from "../../src/registry/registry";
import { attempt } from "../../src/run/attempt";
import { counting, newApp, type Front } from "../support/app";
import {
  callTool,
  issueKey,
  post,
  rows,
  rpc,
  type Backend,
  withoutOperation,
  type ToolResult,
} from "../support/gate";

type Give = { give: string };

const ref = <Kind extends ToolKind>(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    "internal",
    Give,
    string
  >;

const write = ref<"mutation">("write");

const line = { permission: "stock:adjust", description: "Writes.", idempotent: false } as const;
const writes = { ...line, destructive: false };
const reads = { permission: "products:read", description: "Reads." } as const;
const checked = { precheck: ref<"query">("read") };

const registry: Registry = {
  tools: {
    write: () => tool.mutation(ref<"mutation">("write"), writes),
    outer: () => tool.mutation(ref<"mutation">("outer"), writes),
    read: () => tool.query(ref<"query">("read"), reads),
    run: () => tool.action(ref<"action">("run"), writes),
    checked: () => tool.action(ref<"action">("run"), { ...writes, ...checked }),
  },
  resources: {
    "probe://{give}": () =>
      resource(ref<"query">("read"), { ...reads, name: "probe", mimeType: "text/plain" }),
  },
};

/** What the functions return for an argument, against their own word that it is text. */
const given = (give: string): string => JSON.parse(give) as string;

const declared = { args: { give: v.string() }, returns: v.string() };

const functions = {
  write: internalMutation({
    ...declared,
    handler: async (ctx, { give }) => {
      await ctx.db.insert("tenants", { slug: "effect", name: "Effect", currency: "EUR" });
      return given(give);
    },
  }),
  outer: internalMutation({
    ...declared,
    handler: (ctx, args): Promise<string> => ctx.runMutation(write, args),
  }),
  read: internalQuery({ ...declared, handler: async (_ctx, { give }) => given(give) }),
  run: internalAction({
    ...declared,
    handler: async (ctx, { give }) => {
      await ctx.runMutation(write, { give: '"fine"' });
      return given(give);
    },
  }),
};

let t: Backend;
let key: string;
let calls: string[];
let log: { mock: { calls: unknown[][] } };

const serve = async (front: Front = counting(calls)) => {
  t = newApp({ registry, functions: { probe: functions }, front });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
};

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  log = vi.spyOn(console, "error").mockReturnValue();
  calls = [];
  await serve();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const call = (name: string, give: unknown, more: object = {}): Promise<ToolResult> =>
  callTool(t, key, name, { give: JSON.stringify(give), ...more });
const effects = async () => (await rows(t, "tenants")).length - 1;
const recorded = async () =>
  (await rows(t, "toolgateAudit"))
    .filter(({ tool: name }) => name !== undefined)
    .map(({ outcome, reason }) => [outcome, reason]);
const REFUSED =
  /^invalid_result: The result does not match its own definition\. Quote [\da-f-]{36}/;

describe("a mutation", () => {
  test("leaves no effect, and its failure is told, recorded and paid for", async () => {
    // The burst is one write then, and the clock stands still.
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.01");
    vi.useFakeTimers({ toFake: ["Date"] });
    const { isError, content, structuredContent } = await call("write", 7);
    expect([isError, structuredContent]).toEqual([true, undefined]);
    expect(content[0]!.text).toMatch(REFUSED);
    expect(content[0]!.text).toMatch(/ to the operator\. Nothing was done\.$/);
    expect(await effects()).toBe(0);
    expect(await recorded()).toEqual([["failed", "invalid_result"]]);
    const params = { name: "write", arguments: { give: "7" } };
    expect((await rpc(t, key, "tools/call", params)).status).toBe(429);
    const id = /[\da-f-]{36}/.exec(content[0]!.text)![0];
    expect(log.mock.calls.map(String).join()).toContain(id);
    expect(content[0]!.text).not.toContain("probe");
  });

  test("runs again under the same idempotency key, since nothing was done", async () => {
    const once = { idempotencyKey: "refused-1234" };
    for (const times of [1, 2]) {
      expect((await call("write", null, once)).content[0]!.text).toMatch(REFUSED);
      expect([times, await effects()]).toEqual([times, 0]);
    }
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    const other = await call("write", "fine", once);
    expect(other.structuredContent).toEqual({ result: "fine" });
    expect((await call("write", "fine", once))._meta).toMatchObject({ "toolgate/replayed": true });
    expect(await effects()).toBe(1);
  });

  test("whose own nested mutation is refused leaves no effect either", async () => {
    expect((await call("outer", 7)).content[0]!.text).toMatch(/Nothing was done\.$/);
    expect(await effects()).toBe(0);
  });

  test("whatever it returns, has its effect if and only if the answer is a result", async () => {
    let expected = 0;
    const value = fc.oneof(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(value, async (give) => {
        const { isError = false } = await call("write", give);
        expect(isError).toBe(typeof give !== "string");
        if (!isError) expected++;
        expect(await effects()).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("a good call is one call of Convex, a refused one two", async () => {
    await call("write", "fine", { idempotencyKey: "counted-1234" });
    expect(calls).toEqual(["toolgate/gate:admit"]);
    await call("write", 7);
    expect(calls).toHaveLength(3);
  });

  test("in a batch, undoes no other call", async () => {
    const batch = ["fine", 7, "fine"].map((give, id) => ({
      ...{ jsonrpc: "2.0", id, method: "tools/call" },
      params: { name: "write", arguments: { give: JSON.stringify(give) } },
    }));
    const { text } = await post(t, key, batch);
    const results = JSON.parse(text) as { result: ToolResult }[];
    expect(results.map(({ result }) => result.isError ?? false)).toEqual([false, true, false]);
    expect(await effects()).toBe(2);
  });
});

describe("between the two admissions", () => {
  /** Calls `work` before the second admission. */
  const between = (work: () => Promise<void>): Front => {
    let admissions = 0;
    return (ctx, _request, next) =>
      next({
        runMutation: async (called, ...args) => {
          if (++admissions === 2) await work();
          return ctx.runMutation(called, ...args);
        },
      });
  };

  test("the key is revoked: the caller is nobody any more", async () => {
    await serve(
      between(async () => {
        const { keyId } = (await rows(t, "toolgateKeys"))[0]!;
        await t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });
      }),
    );
    const params = { name: "write", arguments: { give: "7" } };
    expect((await rpc(t, key, "tools/call", params)).status).toBe(401);
    expect(await effects()).toBe(0);
  });

  test("Convex is overloaded: the client may try again, and nothing was done", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    await serve(
      between(() =>
        Promise.reject(new Error("Too many concurrent requests in a short period of time.")),
      ),
    );
    const params = { name: "write", arguments: { give: "7" } };
    const { status, headers } = await rpc(t, key, "tools/call", params);
    expect([status, headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect([await effects(), await recorded()]).toEqual([0, []]);
  });

  test("another call with the same idempotency key succeeds: its result is the answer", async () => {
    const once = { idempotencyKey: "parallel-123", give: '"fine"' };
    let refuse = true;
    const write = internalMutation({
      ...declared,
      handler: async (ctx) => {
        await ctx.db.insert("tenants", { slug: "effect", name: "Effect", currency: "EUR" });
        return (refuse ? 7 : "fine") as string;
      },
    });
    const front = between(async () => {
      refuse = false;
      await callTool(t, key, "write", once);
    });
    t = newApp({ registry, functions: { probe: { ...functions, write } }, front });
    await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
    ({ key } = await issueKey(t));
    expect((await callTool(t, key, "write", once)).structuredContent).toEqual({ result: "fine" });
    expect(await effects()).toBe(1);
  });
});

test("a client cannot say that a tool failed: the member is not read from its message", async () => {
  const failure = { code: "x", message: "y" };
  const params = { name: "write", arguments: { give: '"fine"' }, failure, _meta: { failure } };
  const { json } = await post(t, key, {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params,
    failure,
  });
  expect(json.result?.structuredContent).toEqual({ result: "fine" });
});

test("a query fails, for tools and resources", async () => {
  const { isError, content } = await call("read", 7);
  expect(isError).toBe(true);
  expect(content[0]!.text).toMatch(REFUSED);
  const { json } = await rpc(t, key, "resources/read", { uri: "probe://7" });
  expect(json.error).toMatchObject({
    code: -32603,
    message: expect.stringMatching(/^The result /),
  });
});

test("an action keeps what it has done, so its outcome is unknown and its key does not run it again", async () => {
  const once = { idempotencyKey: "action-12345" };
  const first = await call("run", 7, once);
  expect(first.content[0]!.text).toMatch(
    /^outcome_unknown: The result does not match .* It may have done part of its work: read the data/,
  );
  expect(withoutOperation(await call("run", 7, once))).toEqual(withoutOperation(first));
  expect(await effects()).toBe(1);
  expect(await recorded()).toContainEqual(["unknown", "invalid_result"]);
});

test("an action whose precheck is refused does not start", async () => {
  expect((await call("checked", 7)).content[0]!.text).toMatch(REFUSED);
  expect(await rows(t, "toolgateJobs")).toEqual([]);
});

test("a result without a form in JSON is refused too", async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const outcome = await attempt(
    () => Promise.resolve(circle),
    () => Promise.resolve({ problems: [] }),
  );
  expect(outcome).toMatchObject({ state: "failed", code: "invalid_result" });
});
