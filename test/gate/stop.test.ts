/** The operator's switch TOOLGATE_STOP: what it refuses, what it ends, and what goes on. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { STOPPED, STOPPED_WAITING } from "../../src/auth/stop";
import { newApp as newTestApp } from "../support/app";
import { connectAgent, newClient, newFlow, open as openPage, refresh } from "../support/connect";
import { callTool, issueKey, listTools, newServer, post, rows, rpc, send } from "../support/gate";
import { jobOf, newApp, newGate, noWorker } from "../support/longApp";
import { ask, open, responseOf, start, until } from "../support/streamClient";
import { claim } from "../jobs/setup";

afterEach(() => {
  vi.unstubAllEnvs();
});

const stop = (what: string) => vi.stubEnv("TOOLGATE_STOP", what);

const CUSTOMER = { name: "Ada", email: "ada@example.com" };

describe.each(["all", "ALL", "true", "0", " stop "])("TOOLGATE_STOP=%j", (what) => {
  test("answers every request with 503 and when to come again, and asks Convex for nothing", async () => {
    const calls: string[] = [];
    const front = newTestApp({
      front: (_ctx, _request, next) =>
        next({
          runMutation: () => {
            calls.push("mutation");
            return Promise.reject(new Error("called"));
          },
        }),
    });
    const { key } = await issueKey(await newServer({ t: front }));
    stop(what);
    for (const method of ["tools/list", "ping", "initialize", "none"]) {
      const { status, headers, json } = await rpc(front, key, method);
      expect([status, headers.get("retry-after")]).toEqual([503, "300"]);
      expect(json.error).toMatchObject({ message: STOPPED.all, data: { stopped: "all" } });
    }
    expect((await post(front, key, "no JSON")).status).toBe(503);
    const get = { method: "GET", headers: { authorization: `Bearer ${key}` } };
    expect((await send(front, get)).status).toBe(503);
    expect(calls).toEqual([]);
    expect(await rows(front, "toolgateAudit")).toHaveLength(1);
    stop("");
    vi.unstubAllEnvs();
  });
});

test.each(["", "  "])("TOOLGATE_STOP=%j stops nothing", async (what) => {
  const t = await newServer();
  const { key } = await issueKey(t);
  stop(what);
  expect((await callTool(t, key, "customers_create", CUSTOMER)).isError).toBeUndefined();
});

test("a request that came in before the switch is refused by the admission too", async () => {
  const t = newTestApp({
    front: (_ctx, _request, next) => next({}),
  });
  await newServer({ t });
  const { key } = await issueKey(t);
  // The HTTP action looks first, the admission later.
  const looks = [undefined, "all"];
  vi.stubGlobal("process", {
    ...process,
    env: new Proxy(process.env, {
      get: (env, name) => (name === "TOOLGATE_STOP" ? looks.shift() : env[name as string]),
    }),
  });
  const { status } = await rpc(t, key, "tools/call", {
    ...{ name: "customers_create", arguments: CUSTOMER },
  });
  vi.unstubAllGlobals();
  expect(status).toBe(503);
  expect(await rows(t, "customers")).toEqual([]);
  expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
    ...{ outcome: "denied", reason: "stopped" },
  });
});

test("with all, nobody is connected and no token is given", async () => {
  const t = await newServer({ t: newTestApp({ connect: {} }) });
  const { key } = await issueKey(t);
  const flow = await newFlow(t);
  const agent = await connectAgent(t, key);
  stop("all");
  const refreshed = await refresh(t, agent, agent.tokens.refresh_token);
  expect([refreshed.status, refreshed.json.error]).toEqual([503, "temporarily_unavailable"]);
  expect((await openPage(t, flow)).status).toBe(503);
  await expect(newClient(t)).resolves.toBeUndefined();
  stop("writes");
  expect((await refresh(t, agent, agent.tokens.refresh_token)).status).toBe(200);
});

describe("TOOLGATE_STOP=writes", () => {
  test("refuses mutations and actions, tells the model, and lets it read", async () => {
    const t = await newServer();
    const { key } = await issueKey(t);
    stop("writes");
    const refused = await callTool(t, key, "customers_create", CUSTOMER);
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: `stopped: ${STOPPED.writes}` }],
    });
    const lines = JSON.stringify(CUSTOMER);
    expect(await callTool(t, key, "customers_import", { lines })).toMatchObject({
      ...{ isError: true, content: [{ text: `stopped: ${STOPPED.writes}` }] },
    });
    expect(await rows(t, "customers")).toEqual([]);
    expect(await rows(t, "toolgateJobs")).toEqual([]);
    expect((await callTool(t, key, "customers_search")).isError).toBeUndefined();
    expect((await listTools(t, key)).length).toBeGreaterThan(20);
    const denied = (await rows(t, "toolgateAudit")).filter(({ reason }) => reason === "stopped");
    expect(denied.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ["customers_create", "denied"],
      ["customers_import", "denied"],
    ]);
  });

  test("hides from a caller what it may not call, as always", async () => {
    const t = await newServer();
    const { key } = await issueKey(t, { role: "viewer" });
    stop("writes");
    const { json } = await rpc(t, key, "tools/call", { name: "customers_create", arguments: {} });
    expect(json.error?.message).toContain("Unknown tool");
  });

  test("is said in the greeting", async () => {
    const t = await newServer();
    const { key } = await issueKey(t);
    const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} };
    const greeting = async () => (await rpc(t, key, "initialize", hello)).json.result;
    expect(await greeting()).not.toHaveProperty("_meta");
    stop("writes");
    expect(await greeting()).toMatchObject({
      _meta: { "toolgate/stopped": "writes" },
      instructions: expect.stringContaining(STOPPED.writes) as string,
    });
  });
});

describe.each(["all", "writes"])("jobs and streams, with %s", (what) => {
  test("a running job ends as cancelled at its next report, and its stream is told", async () => {
    const gate = newGate();
    const t = await newApp(async (job) => {
      for (let done = 1; ; done++) {
        await job.progress(done);
        await gate.opened;
      }
    });
    const { key } = await issueKey(t);
    const heard = await open(t, key, "slow", {}, { progress: 1 } as never);
    await until(async () => (await rows(t, "toolgateJobs"))[0]?.state === "working");
    stop(what);
    expect(responseOf(await heard.ended).error).toMatchObject({
      code: 503,
      message: STOPPED_WAITING,
    });
    gate.open();
    await until(async () => (await rows(t, "toolgateJobs"))[0]?.state === "cancelled");
  });

  test("a job that waits for its worker does not begin", async () => {
    const t = await newApp(() => Promise.reject(new Error("it began")), { worker: noWorker });
    const { key } = await issueKey(t);
    const jobId = await start(t, key);
    stop(what);
    expect(await claim(t, jobId)).toBeNull();
    expect(await jobOf(t, jobId)).toMatchObject({
      ...{ state: "failed", failure: { code: "not_started", message: STOPPED.writes } },
    });
  });
});

test("a client that listens is told with all, and goes on with writes", async () => {
  const t = await newServer();
  const { key } = await issueKey(t);
  const params = { notifications: { toolsListChanged: true } };
  const leave = new AbortController();
  const heard = await ask(t, key, "subscriptions/listen", params, {
    ...{ era: "modern", id: 1, signal: leave.signal },
  });
  await until(() => heard.messages.length > 0);
  stop("writes");
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(heard.messages.length).toBe(1);
  stop("all");
  await until(() => heard.messages.length > 1, 10_000);
  expect(heard.messages.at(-1)?.error).toMatchObject({ code: 503, message: STOPPED_WAITING });
  leave.abort();
});
