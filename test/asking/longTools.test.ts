/**
 * Long operations that ask: as tasks, by the result of the call, and before they start.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { TASKS } from "../support/streamClient";
import { rows, type Reply } from "../support/gate";
import { accept, ALL, modern } from "../support/askingApp";
import { lastAudit, newStated } from "../support/statedApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

let app: Awaited<ReturnType<typeof newStated>>;

beforeEach(async () => {
  app = await newStated();
});

afterEach(() => {
  vi.useRealTimers();
});

const WITH_TASKS = { ...ALL, extensions: { [TASKS]: {} } };

const call = (name: string, more: object = {}, capabilities: object = ALL, key = app.keys.ann) =>
  modern(
    ...([app.t, key, "tools/call", { name, arguments: { file: "a" }, ...more }] as const),
    capabilities,
  );

const start = async (name = "parks", capabilities: object = WITH_TASKS): Promise<string> =>
  String((await call(name, {}, capabilities)).json.result?.taskId);

const task = (method: string, params: object, key = app.keys.ann): Promise<Reply> =>
  modern(app.t, key, method, { ...params }, WITH_TASKS);

const seen = async (taskId: string) => (await task("tasks/get", { taskId })).json.result ?? {};

const seenAs = (taskId: string, status: string) =>
  vi.waitFor(
    async () => {
      const found = await seen(taskId);
      expect(found.status).toBe(status);
      return found;
    },
    { timeout: 5_000, interval: 20 },
  );

const named = { name: accept({ name: "Ann" }) };
const reasoned = { reason: accept({ text: "because" }) };
const DONE = JSON.stringify(["a", named.name, reasoned.reason]);

const update = (taskId: string, inputResponses: unknown, key = app.keys.ann) =>
  task("tasks/update", { taskId, inputResponses }, key);

test("a later part may ask, and runs again from its own start", async () => {
  const taskId = await start("parks_later");
  await seenAs(taskId, "input_required");
  await update(taskId, named);
  const { result } = await seenAs(taskId, "completed");
  const done = JSON.stringify(["a", { read: 7 }, named.name]);
  expect(result).toMatchObject({ structuredContent: { result: done } });
});

test("a task waits, takes answers one by one, and ends with all of them", async () => {
  const taskId = await start();
  const asking = await seenAs(taskId, "input_required");
  expect(Object.keys(asking.inputRequests as object)).toEqual(["name", "reason"]);
  expect((await update(taskId, { ...named, other: 1 })).json.result).toMatchObject({
    resultType: "complete",
  });
  const left = await seen(taskId);
  expect([left.status, Object.keys(left.inputRequests as object)]).toEqual([
    "input_required",
    ["reason"],
  ]);
  await update(taskId, { name: accept({ name: "Eve" }) });
  await update(taskId, reasoned);
  const { result, inputRequests } = await seenAs(taskId, "completed");
  expect(result).toMatchObject({ structuredContent: { result: DONE } });
  expect(inputRequests).toBeUndefined();
  const [job] = await rows(app.t, "toolgateJobs");
  expect([job?.input, job?.arguments]).toEqual([undefined, undefined]);
});

test("an answer that does not fit is asked for again under a new key, with what was wrong; the third ends the task", async () => {
  const taskId = await start();
  await seenAs(taskId, "input_required");
  for (const [key, name, problem, next] of [
    ["name", 5, "received number", "name#2"],
    ["name#2", true, "received boolean", "name#3"],
  ] as const) {
    await update(taskId, { [key]: accept({ name }), ...reasoned });
    await vi.waitFor(async () => {
      const { status, inputRequests } = await seen(taskId);
      expect([status, Object.keys(inputRequests ?? {})]).toEqual(["input_required", [next]]);
      expect(JSON.stringify(inputRequests)).toContain(problem);
    });
  }
  await update(taskId, { "name#3": accept({ name: [] }) });
  const { result } = await seenAs(taskId, "completed");
  expect(JSON.stringify(result)).toContain("not_answered");
});

test.each<[unknown, RegExp]>([
  [undefined, /"inputResponses" must be an object/],
  [[], /must be an object/],
  [{ name: "x".repeat(300_000) }, /"inputResponses" is too long/],
])("answers that cannot be are refused: %#", async (responses, message) => {
  const taskId = await start();
  await seenAs(taskId, "input_required");
  const { json } = await update(taskId, responses);
  expect(json.error).toMatchObject({ code: -32602 });
  expect(json.error?.message).toMatch(message);
  expect((await seen(taskId)).status).toBe("input_required");
});

test("nobody else can answer, and it can be cancelled while it waits", async () => {
  const taskId = await start();
  await seenAs(taskId, "input_required");
  expect((await update(taskId, named, app.keys.bob)).json.error?.message).toBe("Unknown task");
  await task("tasks/cancel", { taskId });
  expect((await seen(taskId)).status).toBe("cancelled");
  await update(taskId, { ...named, ...reasoned });
  expect((await seen(taskId)).status).toBe("cancelled");
});

test("a task that nobody answers has failed after half an hour", async () => {
  const jobId = await start();
  await seenAs(jobId, "input_required");
  vi.useFakeTimers({ now: Date.now() + 31 * 60_000, toFake: ["Date"] });
  await app.t.mutation(internal.toolgate.jobs.expire, { jobId });
  const { status, result } = await seen(jobId);
  expect(status).toBe("completed");
  expect(JSON.stringify(result)).toContain("no_answer");
});

test("a task that asks for what its client cannot do has failed", async () => {
  const taskId = await start("parks", { extensions: { [TASKS]: {} } });
  const { result } = await seenAs(taskId, "completed");
  expect(JSON.stringify(result)).toContain("missing_capability");
});

test("without the extension the call itself asks, and comes back to its job", async () => {
  const first = await call("parks");
  const { resultType, inputRequests, requestState } = first.json.result ?? {};
  expect([resultType, Object.keys(inputRequests as object)]).toEqual([
    "input_required",
    ["name", "reason"],
  ]);
  const back = { inputResponses: { ...named, ...reasoned }, requestState };
  expect((await call("parks", back, ALL, app.keys.bob)).json.error?.code).toBe(-32602);
  const done = await call("parks", back);
  expect(done.json.result?.structuredContent).toEqual({ result: DONE });
  expect((await call("parks", back)).json.result?.structuredContent).toEqual({ result: DONE });
  expect(await rows(app.t, "toolgateJobs")).toHaveLength(1);
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
});

test("a precheck asks before there is a job, and its answers reach the job", async () => {
  const first = await call("checked", {}, WITH_TASKS);
  const { resultType, requestState, taskId } = first.json.result ?? {};
  expect([resultType, taskId]).toEqual(["input_required", undefined]);
  expect(await rows(app.t, "toolgateJobs")).toEqual([]);
  expect((await lastAudit(app.t))?.outcome).toBe("asked");
  const back = { inputResponses: named, requestState };
  const started = (await call("checked", back, WITH_TASKS)).json.result ?? {};
  expect([started.resultType, started.requestState]).toEqual(["task", undefined]);
  const again = await call("checked", back, WITH_TASKS);
  expect(JSON.stringify(again.json.result)).toContain("state_used");
  const asking = await seenAs(String(started.taskId), "input_required");
  expect(Object.keys(asking.inputRequests as object)).toEqual(["reason"]);
  await update(String(started.taskId), reasoned);
  const { result } = await seenAs(String(started.taskId), "completed");
  expect(result).toMatchObject({ structuredContent: { result: DONE } });
});

test("a precheck refuses before there is a job", async () => {
  const { json } = await call("checked", { arguments: { file: "none" } }, WITH_TASKS);
  expect(json.result).toMatchObject({ isError: true });
  expect(JSON.stringify(json.result)).toContain("not_found: No such file.");
  expect(await rows(app.t, "toolgateJobs")).toEqual([]);
});

test("arguments and answers that no row can hold are refused", async () => {
  const file = "x".repeat(930_000);
  const { json } = await call("parks", { arguments: { file } }, WITH_TASKS);
  expect(JSON.stringify(json.result)).toContain("900 KB");
});
