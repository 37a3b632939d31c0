/** The tasks extension of 2026-07-28 (`io.modelcontextprotocol/tasks`) over the same jobs. */
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { JOB_KEPT_MS } from "../../src/jobs/job";
import { issueKey, rows, type Backend } from "../support/gate";
import { jobOf, newApp, newGate, theJob, type Script } from "../support/longApp";
import {
  ask,
  asTask,
  call,
  open,
  reply,
  responseOf,
  start,
  TASKS,
  until,
  type Speech,
} from "../support/streamClient";

const SERVER_INFO = { "io.modelcontextprotocol/serverInfo": { name: "probe", version: "1" } };
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const modern: Speech = { era: "modern" };

const newCaller = async (script: Script, role = "admin") => {
  const t = await newApp(script);
  const { key } = await issueKey(t, { role, subject: "agent" });
  return { t, key };
};

const task = (
  t: Backend,
  key: string,
  method: string,
  params: Record<string, unknown>,
  speech: Speech = asTask,
) => reply(t, key, `tasks/${method}`, params, speech);

const get = async (t: Backend, key: string, taskId: string) =>
  (await task(t, key, "get", { taskId })).result!;

const statusOf = async (t: Backend, key: string, taskId: string) =>
  (await get(t, key, taskId)).status;

describe("creating", () => {
  test("a call of a long tool is answered with a task, at once and flat", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const heard = await open(t, key, "slow", {}, { ...asTask, id: "c", progressToken: "tok" });
    await heard.ended;
    expect(heard.status).toBe(200);
    expect(heard.headers.get("content-type")).toBe("application/json");
    const { jobId } = await theJob(t);
    expect(heard.messages).toEqual([
      {
        ...{ jsonrpc: "2.0", id: "c" },
        result: {
          resultType: "task",
          taskId: jobId,
          status: "working",
          createdAt: expect.stringMatching(ISO),
          lastUpdatedAt: expect.stringMatching(ISO),
          ttlMs: JOB_KEPT_MS,
          pollIntervalMs: expect.any(Number),
          _meta: SERVER_INFO,
        },
      },
    ]);
    expect(jobId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await rows(t, "mcpStreams")).toEqual([]);
    // It can be asked after from this moment on.
    expect(await get(t, key, jobId)).toMatchObject({ taskId: jobId, status: "working" });
    gate.open();
  });

  test("also for a client that takes only event streams, as one event", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const heard = await open(t, key, "slow", {}, { ...asTask, accept: "text/event-stream" });
    await heard.ended;
    expect(heard.headers.get("content-type")).toBe("text/event-stream");
    expect(responseOf(heard).result).toMatchObject({ resultType: "task", status: "working" });
    expect(await rows(t, "mcpStreams")).toEqual([]);
    gate.open();
  });

  test("never for a client that does not say so in that very request", async () => {
    const { t, key } = await newCaller(async () => ({ made: 1 }));
    await start(t, key);
    for (const speech of [modern, {}, { headers: { "mcp-protocol-version": "2025-11-25" } }]) {
      const result = await call(t, key, "slow", {}, speech);
      expect(result.structuredContent).toEqual({ made: 1 });
      expect(result).not.toHaveProperty("taskId");
    }
  });

  test.each([
    ["null", null],
    ["true", true],
    ["a list", []],
  ])("an extension declared as %s is not declared", async (_name, value) => {
    const { t, key } = await newCaller(async () => ({ made: 1 }));
    const response = await t.fetch("/mcp", {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", accept: "application/json" },
        ...{ authorization: `Bearer ${key}`, "MCP-Protocol-Version": "2026-07-28" },
        ...{ "Mcp-Method": "tools/call", "Mcp-Name": "slow" },
      },
      body: JSON.stringify({
        ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
        params: {
          ...{ name: "slow", arguments: {} },
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { extensions: { [TASKS]: value } },
          },
        },
      }),
    });
    const { result } = (await response.json()) as { result: { resultType: string } };
    expect(result.resultType).toBe("complete");
  });

  test("a legacy client that declares it in initialize or _meta gets no task", async () => {
    const { t, key } = await newCaller(async () => ({ made: 1 }));
    const { result } = await reply(t, key, "tools/call", {
      ...{ name: "slow", arguments: {} },
    });
    expect(result!.structuredContent).toEqual({ made: 1 });
    const legacy = await reply(t, key, "tasks/get", { taskId: "x" });
    expect(legacy.error!.code).toBe(-32601);
  });

  test("short tools answer at once, whatever the client declares", async () => {
    const { t, key } = await newCaller(async () => "done");
    const read = await call(t, key, "read", { text: "x" }, asTask);
    expect(read).toMatchObject({ resultType: "complete", structuredContent: { result: "x" } });
    const unknown = await call(t, key, "jobs_cancel", { jobId: "x" }, asTask);
    expect(unknown).toMatchObject({ resultType: "complete", isError: true });
  });

  test("what fails before the job exists is no task", async () => {
    const { t, key } = await newCaller(async () => "done");
    const long = await call(t, key, "slow", { label: "x".repeat(950_000) }, asTask);
    expect(long).toMatchObject({ resultType: "complete", isError: true });
    expect(await rows(t, "mcpJobs")).toEqual([]);
  });

  test("the same idempotency key is the same task, and afterwards its result", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(async () => {
      await gate.opened;
      return { made: 1 };
    });
    const args = { idempotencyKey: "the-same-key" };
    const taskId = await start(t, key, "slow", args);
    expect(await start(t, key, "slow", args)).toBe(taskId);
    gate.open();
    await until(async () => (await statusOf(t, key, taskId)) === "completed");
    const { result } = await reply(t, key, "tools/call", { name: "slow", arguments: args }, asTask);
    expect(result).toMatchObject({ resultType: "complete", structuredContent: { made: 1 } });
  });
});

describe("tasks/get", () => {
  test("working with what it says, then completed with the result of the call", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(async (job) => {
      await job.progress(1, 2, "Half of it");
      await gate.opened;
      return { made: 2 };
    });
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).progress !== undefined);
    const working = await get(t, key, taskId);
    expect(working).toEqual({
      resultType: "complete",
      ...{ taskId, status: "working", statusMessage: "Half of it" },
      createdAt: expect.stringMatching(ISO),
      lastUpdatedAt: expect.stringMatching(ISO),
      ttlMs: JOB_KEPT_MS,
      pollIntervalMs: expect.any(Number),
      _meta: SERVER_INFO,
    });
    gate.open();
    await until(async () => (await statusOf(t, key, taskId)) === "completed");
    const completed = await get(t, key, taskId);
    expect(completed).toMatchObject({
      ...{ resultType: "complete", taskId, status: "completed", createdAt: working.createdAt },
      result: { content: [{ type: "text", text: '{"made":2}' }], structuredContent: { made: 2 } },
    });
    expect(completed).not.toHaveProperty("error");
    expect(completed).not.toHaveProperty("inputRequests");
    expect(Date.parse(completed.lastUpdatedAt as string)).toBeGreaterThanOrEqual(
      Date.parse(completed.createdAt as string),
    );
    // The same to the byte, any number of times: it changes nothing.
    expect(await get(t, key, taskId)).toEqual(completed);
    expect(await get(t, key, taskId)).toEqual(completed);
  });

  test("a tool that failed has completed, with a result that says so", async () => {
    const { t, key } = await newCaller(async () => {
      throw new ConvexError({ code: "full", message: "No room." });
    });
    const taskId = await start(t, key);
    await until(async () => (await statusOf(t, key, taskId)) !== "working");
    const completed = await get(t, key, taskId);
    expect(completed).toMatchObject({
      ...{ status: "completed", result: { isError: true, content: [{ text: "full: No room." }] } },
    });
    expect(completed).not.toHaveProperty("error");
  });

  test("a lost one has failed, with an error that says what is not known", async () => {
    const { t, key } = await newCaller(() => new Promise(() => undefined));
    const taskId = await start(t, key);
    await t.run(async (ctx) => {
      await ctx.db.patch("mcpJobs", (await ctx.db.query("mcpJobs").first())!._id, {
        ...{ state: "unknown" as const },
      });
    });
    const lost = await get(t, key, taskId);
    expect(lost).toMatchObject({
      status: "failed",
      error: { code: -32603, message: expect.stringContaining("may have done part of its work") },
    });
    expect(lost).not.toHaveProperty("result");
  });
});

describe("tasks/cancel and tasks/update", () => {
  test("cancel stops it at its next step; it has no result then", async () => {
    const { t, key } = await newCaller(async (job) => {
      for (let step = 0; ; step++) {
        await job.progress(step);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).state === "working");
    const { result } = await task(t, key, "cancel", { taskId });
    expect(result).toEqual({ resultType: "complete", _meta: SERVER_INFO });
    await until(async () => (await statusOf(t, key, taskId)) === "cancelled", 2_000);
    const cancelled = await get(t, key, taskId);
    expect(cancelled).not.toHaveProperty("result");
    expect(cancelled).not.toHaveProperty("error");
    expect((await task(t, key, "cancel", { taskId })).result).toEqual(result);
    expect(await get(t, key, taskId)).toEqual(cancelled);
  });

  test("cancel of what has ended is acknowledged and changes nothing", async () => {
    const { t, key } = await newCaller(async () => ({ made: 1 }));
    const taskId = await start(t, key);
    await until(async () => (await statusOf(t, key, taskId)) === "completed");
    const before = await jobOf(t, taskId);
    expect((await task(t, key, "cancel", { taskId })).result).toMatchObject({
      ...{ resultType: "complete" },
    });
    expect(await jobOf(t, taskId)).toEqual(before);
  });

  test("update is acknowledged, and every answer in it ignored", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).state === "working");
    const before = await jobOf(t, taskId);
    for (const inputResponses of [{}, { q: { action: "accept", content: { a: 1 } } }]) {
      const { result } = await task(t, key, "update", { taskId, inputResponses });
      expect(result).toEqual({ resultType: "complete", _meta: SERVER_INFO });
    }
    expect(await jobOf(t, taskId)).toEqual(before);
    for (const inputResponses of [undefined, null, [], "x"]) {
      const { error } = await task(t, key, "update", { taskId, inputResponses });
      expect(error!.code).toBe(-32602);
    }
    gate.open();
  });
});

const methods = ["get", "update", "cancel"] as const;

describe.each(methods)("tasks/%s", (method) => {
  const params = (taskId: unknown) => ({ taskId, inputResponses: {} });

  test("is refused with -32021 to a client that does not declare the extension", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    for (const id of [taskId, "unknown"]) {
      const heard = await ask(t, key, `tasks/${method}`, params(id), modern);
      await heard.ended;
      expect(heard.status).toBe(400);
      expect(responseOf(heard).error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { extensions: { [TASKS]: {} } } },
      });
    }
    expect(await jobOf(t, taskId)).toMatchObject({ cancelRequested: false });
    gate.open();
  });

  test("is refused alike for an unknown, a malformed and a stranger's task", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    const strangers = [
      await issueKey(t, { subject: "stranger" }),
      await issueKey(t, { subject: "agent", tenant: "globex" }),
    ];
    const own = await Promise.all(
      ["unknown", "", crypto.randomUUID(), "ü".repeat(9)].map((id) =>
        task(t, key, method, params(id), {
          ...asTask,
          // The header form of what is not ASCII.
          headers: { "Mcp-Name": `=?base64?${Buffer.from(id).toString("base64")}?=` },
        }),
      ),
    );
    const foreign = await Promise.all(
      strangers.map((stranger) => task(t, stranger.key, method, params(taskId))),
    );
    for (const { error, id } of [...own, ...foreign]) {
      expect(id).toBe(1);
      expect(error).toEqual({ code: -32602, message: "Unknown task" });
    }
    for (const malformed of [undefined, 7, null, { id: taskId }, [taskId]]) {
      expect((await task(t, key, method, params(malformed))).error!.code).toBe(-32602);
    }
    expect(await jobOf(t, taskId)).toMatchObject({ cancelRequested: false });
    gate.open();
  });

  test("needs the header Mcp-Name to repeat the id", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    const wrong = { ...asTask, headers: { "Mcp-Name": crypto.randomUUID() } };
    const heard = await ask(t, key, `tasks/${method}`, params(taskId), wrong);
    await heard.ended;
    expect(heard.status).toBe(400);
    expect(responseOf(heard).error!.code).toBe(-32020);
    // `requestOf` names what `taskId` says, so without one in the body the header is left out.
    const message = {
      ...{ jsonrpc: "2.0", id: 1, method: `tasks/${method}` },
      params: {
        ...params(taskId),
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": { extensions: { [TASKS]: {} } },
        },
      },
    };
    const response = await t.fetch("/mcp", {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", accept: "application/json" },
        ...{ authorization: `Bearer ${key}`, "MCP-Protocol-Version": "2026-07-28" },
        "Mcp-Method": `tasks/${method}`,
      },
      body: JSON.stringify(message),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: 1, error: { code: -32020 } });
    expect(await jobOf(t, taskId)).toMatchObject({ cancelRequested: false });
    gate.open();
  });

  test("is not for a role that has lost the tool, nor for a key that was narrowed", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened, "warehouse");
    const narrow = await issueKey(t, {
      subject: "agent",
      tools: ["customers_search"],
      role: "admin",
    });
    const taskId = await start(t, key, "scarce");
    const seen = await task(t, key, method, params(taskId));
    expect(seen.error).toBeUndefined();
    await t.mutation(internal.roles.set, { name: "warehouse", remove: ["stock:adjust"] });
    for (const caller of [key, narrow.key]) {
      const { error } = await task(t, caller, method, params(taskId));
      expect(error).toEqual({ code: -32602, message: "Unknown task" });
    }
    gate.open();
  });
});

describe("what there is not", () => {
  test.each(["tasks/result", "tasks/list", "tasks/create"])("%s", async (method) => {
    const { t, key } = await newCaller(async () => "done");
    const taskId = await start(t, key);
    const heard = await ask(t, key, method, { taskId }, asTask);
    await heard.ended;
    expect(heard.status).toBe(404);
    expect(responseOf(heard).error!.code).toBe(-32601);
  });

  test("tasks for legacy clients", async () => {
    const { t, key } = await newCaller(async () => "done");
    const taskId = await start(t, key);
    for (const method of methods) {
      const { error } = await reply(t, key, `tasks/${method}`, { taskId });
      expect(error!.code).toBe(-32601);
    }
    const { result } = await reply(t, key, "initialize", {
      ...{ protocolVersion: "2025-11-25", capabilities: { extensions: { [TASKS]: {} } } },
      clientInfo: { name: "c", version: "1" },
    });
    expect(JSON.stringify(result)).not.toContain("tasks");
  });

  test("a capability called tasks: the extension is what is advertised", async () => {
    const { t, key } = await newCaller(async () => "done");
    for (const speech of [modern, asTask]) {
      const { result } = await reply(t, key, "server/discover", {}, speech);
      const capabilities = result!.capabilities as Record<string, unknown>;
      expect(capabilities.extensions).toEqual({ [TASKS]: {} });
      expect(capabilities).not.toHaveProperty("tasks");
    }
    const { result } = await reply(t, key, "tools/list", {}, asTask);
    expect(JSON.stringify(result)).not.toContain("taskSupport");
  });
});

test("revoked, rotated and unknown keys see no task", async () => {
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const { key, keyId } = await issueKey(t);
  const taskId = await start(t, key);
  await t.mutation(internal.keys.revoke, { keyId, reason: "test" });
  const heard = await ask(t, key, "tasks/get", { taskId }, asTask);
  await heard.ended;
  expect(heard.status).toBe(401);
  gate.open();
});

test("a role that has lost the tool does not read its job by jobs_get either", async () => {
  const { t, key } = await newCaller(async () => ({ secret: 42 }), "admin");
  const taskId = await start(t, key, "scarce");
  await until(async () => (await jobOf(t, taskId)).state === "succeeded");
  await t.mutation(internal.roles.set, { name: "admin", remove: ["stock:adjust"] });
  const result = await call(t, key, "jobs_get", { jobId: taskId });
  expect(result.content[0]!.text).toBe("not_found: No such job.");
});
