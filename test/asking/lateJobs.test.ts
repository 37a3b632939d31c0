/**
 * A job that asks only after its call was answered, and for which the client has no idempotency key: `jobs_get` asks for it.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2025-11-25 client/elicitation
 */
import { beforeEach, expect, test, vi } from "vitest";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalAction } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { inputValidator } from "../../src/data/arguments";
import { jobTool } from "../../src/registry/jobTools";
import { tool, type Tools } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { accept, ALL, form, modern } from "../support/askingApp";
import { issueKey, post, rows, rpc } from "../support/gate";
import { newGate, theJob, type Gate } from "../support/longApp";
import { ref, writes } from "../support/statedApp";
import { open, responseOf } from "../support/streamClient";
import { question, within } from "./onStream/setup";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

const line = { ...writes, maxInline: 0.1, ...({ input: true } as object) };

const tools: Tools = {
  late: () => tool.action(ref<"action">("late"), line),
  jobs_get: () => jobTool.get(internal.toolgate.jobs.get, "jobs:read"),
};

let gate: Gate;

const functions = {
  late: internalAction({
    args: { file: v.string(), input: inputValidator() },
    handler: async (_ctx, { file, input }) => {
      await gate.opened;
      const { ask } = inputHandle(input);
      const { name } = await ask({ name: form("Who are you?", "name") });
      const { why } = await ask({ why: form("Why?", "text") });
      return [file, name, why];
    },
  }),
};

const newLate = async () => {
  const t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  const keyOf = async (more: object) => (await issueKey(t, more)).key;
  return { t, key: await keyOf({ subject: "ann" }), keyOf };
};

let app: Awaited<ReturnType<typeof newLate>>;

beforeEach(async () => {
  gate = newGate();
  app = await newLate();
});

const call = (
  name: string,
  args: object,
  more: object = {},
  capabilities: object = ALL,
  key = app.key,
) => modern(app.t, key, "tools/call", { name, arguments: args, ...more }, capabilities);

const isIn = (state: string) =>
  vi.waitFor(
    async () => {
      expect((await theJob(app.t)).state).toBe(state);
    },
    { timeout: 5_000 },
  );

/** The id of a job that asks after its call was answered. */
const asking = async (): Promise<string> => {
  const { json } = await call("late", { file: "a" });
  const { jobId, state } = json.result?.structuredContent as Record<string, unknown>;
  expect(state).toBe("working");
  gate.open();
  await isIn("input_required");
  return String(jobId);
};

const named = { name: accept({ name: "Ann" }) };
const reasoned = { why: accept({ text: "because" }) };
const DONE = ["a", named.name, reasoned.why];

const keysIn = (requests: unknown) => Object.keys(requests as object);

test("2026-07-28: it asks in its result, round by round, and gives the result at the end", async () => {
  const args = { jobId: await asking(), waitSeconds: 5 };
  const first = (await call("jobs_get", args)).json.result ?? {};
  expect([first.resultType, keysIn(first.inputRequests)]).toEqual(["input_required", ["name"]]);
  const { requestState } = first;
  const second =
    (await call("jobs_get", args, { inputResponses: named, requestState })).json.result ?? {};
  expect([second.resultType, keysIn(second.inputRequests)]).toEqual(["input_required", ["why"]]);
  const back = { inputResponses: reasoned, requestState: second.requestState };
  const done = (await call("jobs_get", args, back)).json.result;
  expect(done?.structuredContent).toMatchObject({ state: "succeeded", result: DONE });
  expect(await rows(app.t, "toolgateJobs")).toHaveLength(1);
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
});

test("an answer that comes twice, without its state or from another caller answers nothing", async () => {
  const args = { jobId: await asking(), waitSeconds: 5 };
  const { requestState } = (await call("jobs_get", args)).json.result ?? {};
  const bob = await app.keyOf({ subject: "bob" });
  const back = { inputResponses: { ...named, ...reasoned }, requestState };
  expect((await call("jobs_get", args, back, ALL, bob)).json.error?.code).toBe(-32602);
  const bare = await call("jobs_get", args, { inputResponses: named });
  expect(keysIn(bare.json.result?.inputRequests)).toEqual(["name"]);
  for (let times = 0; times < 2; times++) {
    const { json } = await call("jobs_get", args, back);
    expect(keysIn(json.result?.inputRequests)).toEqual(["why"]);
  }
});

test("an answer that does not fit is asked for again, with what was wrong", async () => {
  const args = { jobId: await asking(), waitSeconds: 5 };
  const { requestState } = (await call("jobs_get", args)).json.result ?? {};
  const inputResponses = { name: accept({ name: 5 }) };
  const { json } = await call("jobs_get", args, { inputResponses, requestState });
  expect(JSON.stringify(json.result?.inputRequests)).toContain("received number");
});

test.each<[string, object, object]>([
  ["a client that cannot ask", {}, {}],
  ["a key for an agent without a user", ALL, { unattended: true }],
])("%s reads what the job waits for, and until when", async (_what, capabilities, more) => {
  const jobId = await asking();
  const key = await app.keyOf({ subject: "ann", ...more });
  const { json } = await call("jobs_get", { jobId }, {}, capabilities, key);
  const { state, next } = json.result?.structuredContent as Record<string, unknown>;
  expect(state).toBe("input_required");
  expect(next).toMatch(/waits for an answer .* until \d{4}-.*Z/);
});

test("who may no longer call the tool is neither asked nor heard", async () => {
  const jobId = await asking();
  const { requestState } = (await call("jobs_get", { jobId })).json.result ?? {};
  const narrow = await app.keyOf({ subject: "ann", tools: ["jobs_get"] });
  for (const back of [{}, { inputResponses: named, requestState }]) {
    const { text } = await call("jobs_get", { jobId }, back, ALL, narrow);
    expect(text).toContain("No such job");
  }
  expect((await theJob(app.t)).state).toBe("input_required");
});

test("2025-11-25: it asks on its stream if it waits, and says how if it does not", async () => {
  const { t, key } = app;
  const { headers } = await rpc(t, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities: ALL },
    clientInfo: { name: "test", version: "1" },
  });
  const session = headers.get("mcp-session-id") ?? "";
  await open(t, key, "late", { file: "a" }, within(session)).then(({ ended }) => ended);
  gate.open();
  await isIn("input_required");
  const { jobId } = await theJob(t);
  const shown = responseOf(
    await (
      await open(t, key, "jobs_get", { jobId }, within(session))
    ).ended,
  );
  expect(shown.result?.structuredContent).toMatchObject({
    state: "input_required",
    next: expect.stringContaining('"waitSeconds":40') as string,
  });
  const heard = await open(t, key, "jobs_get", { jobId, waitSeconds: 40 }, within(session));
  for (const [at, answer] of [named.name, reasoned.why].entries()) {
    const { id } = await question(heard, at);
    await post(t, key, { jsonrpc: "2.0", id, result: answer });
  }
  const { result } = responseOf(await heard.ended);
  expect(result?.structuredContent).toMatchObject({ state: "succeeded", result: DONE });
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});
