/** The admission over a chain of the test's own: what runs, what is recorded, and what is answered. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { beforeEach, expect, test } from "vitest";
import { newBackend, rows, type Backend } from "../../test/support/gate";
import type { Call } from "../data/call";
import type { GateTx } from "../data/database";
import type { Refusal } from "../data/refusal";
import type { Guard } from "../middleware/guard";
import { tool, type Tools } from "../registry/tools";
import type { Toolgate } from "../registry/toolgate";
import { admission } from "./admission";

const principal = { subject: "s", tenant: "acme", role: "clerk", keyId: "k" };

const ref = <Kind extends "query" | "mutation" | "action">(name: string) =>
  makeFunctionReference<Kind>(name) as unknown as FunctionReference<
    Kind,
    "internal",
    { slug?: string }
  >;

const writes = { permission: "x", description: "x", destructive: false, idempotent: false };

const tools: Tools = {
  list: () => tool.query(ref<"query">("erp/tenants:list"), { permission: "x", description: "x" }),
  create: () => tool.mutation(ref<"mutation">("erp/tenants:create"), writes),
  run: () => tool.action(ref<"action">("x:y"), writes),
};

const app: Toolgate = {
  ...{ name: "n", version: "1", dir: "toolgate", permissions: [], roles: () => ({}), tools },
};

/** Adds the principal, or refuses. */
const auth = (refusal?: Refusal): Guard<object, object, { principal: typeof principal }> => ({
  decide: async (_tx, _claim, next) => (refusal === undefined ? next({ principal }) : { refusal }),
});

let t: Backend;
beforeEach(() => {
  t = newBackend();
});

const admit = (call: Partial<Call>, guard = auth()) =>
  t.run(async (ctx) =>
    admission(app, [guard]).handler(ctx as unknown as GateTx, {
      evidence: {},
      call: { method: "tools/call", protocol: "2025-11-25", ...call },
    }),
  );

const of = (name: string, args: object = {}): Partial<Call> => ({
  target: { kind: "tool", name },
  arguments: JSON.stringify(args),
});

const anyId = expect.any(String) as string;

const acme = { slug: "acme", name: "Acme", currency: "EUR" };

const recorded = async () =>
  (await rows(t, "toolgateAudit")).map(({ outcome, reason, tool: name }) => [
    outcome,
    reason,
    name,
  ]);

test("a query is let in and left to be read", async () => {
  expect(await admit(of("list"))).toEqual({ operation: anyId, context: { principal } });
  expect(await recorded()).toEqual([["answered", undefined, "list"]]);
});

test("a mutation runs in it, and its effect and its row are there together", async () => {
  const { outcome } = (await admit(of("create", acme))) as { outcome: { state: string } };
  expect(outcome.state).toBe("succeeded");
  expect(await rows(t, "tenants")).toHaveLength(1);
  expect(await recorded()).toEqual([["succeeded", undefined, "create"]]);
});

test("a mutation that fails leaves nothing but its row", async () => {
  const bad = { ...acme, currency: "euro" };
  const { outcome } = (await admit(of("create", bad))) as { outcome: { state: string } };
  expect(outcome).toMatchObject({ state: "failed", code: "invalid_arguments" });
  expect(await rows(t, "tenants")).toEqual([]);
  expect(await recorded()).toEqual([["failed", "invalid_arguments", "create"]]);
});

test("with an idempotency key the effect comes once, and other arguments are refused", async () => {
  const call = { ...of("create", acme), idempotencyKey: "key-12345" };
  await admit(call);
  expect(await admit(call)).toMatchObject({ outcome: { state: "replayed" } });
  const other = { ...of("create", { ...acme, slug: "b" }), idempotencyKey: "key-12345" };
  expect(await admit(other)).toMatchObject({ outcome: { code: "idempotency_mismatch" } });
  expect(await rows(t, "tenants")).toHaveLength(1);
});

test("an action starts as a job, which has the operation of its audit row and is named by it", async () => {
  const { outcome } = (await admit(of("run"))) as { outcome: { jobId: string } };
  const [job] = await rows(t, "toolgateJobs");
  const [row] = await rows(t, "toolgateAudit");
  expect(job).toMatchObject({ jobId: outcome.jobId, operation: row!.operation, tenant: "acme" });
  expect(row).toMatchObject({ tool: "run", target: outcome.jobId });
  expect(await recorded()).toEqual([["started", undefined, "run"]]);
});

test("a refused call runs nothing and is recorded with the reason", async () => {
  const refusal: Refusal = { kind: "invalid_key", reason: "wrong_secret", keyId: "k" };
  expect(await admit(of("create", acme), auth(refusal))).toEqual({
    operation: anyId,
    context: {},
    refusal,
  });
  expect(await rows(t, "tenants")).toEqual([]);
  expect(await recorded()).toEqual([["denied", "wrong_secret", "create"]]);
});

test("a fault of the call is told only to a caller whom no guard refuses", async () => {
  const fault = { kind: "task_only" } as const;
  const refusal: Refusal = { kind: "invalid_key", reason: "unknown_key" };
  const call = { ...of("run"), fault };
  expect(await admit(call)).toEqual({ operation: anyId, context: { principal }, refusal: fault });
  expect(await admit(call, auth(refusal))).toMatchObject({ refusal });
  expect(await rows(t, "toolgateJobs")).toEqual([]);
});

test("a state of another call is foreign, and the call does not run", async () => {
  const state = { nonce: "n", boundTo: "another call" };
  const call = { ...of("create", acme), input: { can: [], answers: "{}", state } };
  expect(await admit(call)).toMatchObject({ refusal: { kind: "foreign_state" } });
  expect(await rows(t, "tenants")).toEqual([]);
});

test("a refusal that need not be recorded is not", async () => {
  const silent: Guard<object, object, { principal: typeof principal }> = {
    decide: async () => ({ context: {}, refusal: { kind: "task_only" }, unrecorded: true }),
  };
  await admit(of("list"), silent);
  expect(await recorded()).toEqual([]);
});
