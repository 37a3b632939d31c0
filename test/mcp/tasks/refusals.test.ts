/**
 * Who gets no task: clients that do not declare the extension, strangers, and roles without the tool.
 *
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey } from "../../support/gate";
import { jobOf, newApp, newGate } from "../../support/longApp";
import {
  ask,
  asTask,
  call,
  reply,
  responseOf,
  start,
  TASKS,
  until,
} from "../../support/streamClient";
import { modern, newCaller, task } from "./setup";

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
      tools: ["read"],
      role: "admin",
    });
    const taskId = await start(t, key, "scarce");
    const seen = await task(t, key, method, params(taskId));
    expect(seen.error).toBeUndefined();
    await t.mutation(internal.toolgate.admin.setRole, {
      name: "warehouse",
      remove: ["stock:adjust"],
    });
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
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });
  const heard = await ask(t, key, "tasks/get", { taskId }, asTask);
  await heard.ended;
  expect(heard.status).toBe(401);
  gate.open();
});

test("a role that has lost the tool does not read its job by jobs_get either", async () => {
  const { t, key } = await newCaller(async () => ({ secret: 42 }), "admin");
  const taskId = await start(t, key, "scarce");
  await until(async () => (await jobOf(t, taskId)).state === "succeeded");
  await t.mutation(internal.toolgate.admin.setRole, { name: "admin", remove: ["stock:adjust"] });
  const result = await call(t, key, "jobs_get", { jobId: taskId });
  expect(result.content[0]!.text).toBe("not_found: No such job.");
});
