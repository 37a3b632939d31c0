/**
 * The tasks extension of 2026-07-28: which calls are answered with a task.
 *
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import { describe, expect, test } from "vitest";
import { JOB_KEPT_MS } from "../../../src/data/jobState";
import { rows, onlyOperation } from "../../support/gate";
import { newGate, theJob } from "../../support/longApp";
import {
  asTask,
  call,
  open,
  reply,
  responseOf,
  start,
  TASKS,
  until,
} from "../../support/streamClient";
import { ISO, SERVER_INFO, get, modern, newCaller, statusOf } from "./setup";

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
          pollIntervalMs: 250,
          _meta: { ...SERVER_INFO, ...onlyOperation },
        },
      },
    ]);
    expect(jobId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
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
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
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
    expect(await rows(t, "toolgateJobs")).toEqual([]);
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
