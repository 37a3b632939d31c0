/** 1 to 64 event streams at once, each of them following a job of two seconds; the rows of the jobs are stubs. */
import { compose } from "../../src/middleware/compose";
import { mcp } from "../../src/mcp/endpoint";
import { tool, type Tools } from "../../src/registry/tools";
import { chain } from "../../convex/toolgate/chain";
import { getFunctionName, makeFunctionReference } from "convex/server";
import { requestOf } from "../lib/mcpRequest";
import { isQuick, type Table } from "../lib/report";
import { median, quantile } from "../lib/stats";
import { serverOf } from "../peers/stubDatabase";
import { toolgate } from "../peers/toolgate";

const JOB_MS = isQuick ? 300 : 2_000;

const tools: Tools<"sums:add"> = {
  wait: () =>
    tool.action(
      makeFunctionReference<"action">("jobs:wait") as never,
      {
        permission: "sums:add",
        description: "Wait.",
        destructive: false,
        idempotent: true,
      } as never,
    ),
};

const principal = { subject: "bench", tenant: "acme", role: "bench", keyId: "0123456789ab" };

/** A job's row, as `jobs.watch` would give it. */
const jobSince = (startedAt: number) => {
  const done = Date.now() - startedAt;
  const isOver = done >= JOB_MS;
  return {
    ...{ tool: "wait", events: [], createdAt: startedAt, updatedAt: Date.now() },
    ...{ leaseUntil: Date.now() + 45_000, isKeyValid: true },
    state: isOver ? "succeeded" : "working",
    progress: { done, total: JOB_MS },
    ...(isOver ? { result: "true" } : {}),
  };
};

const newServer = () => {
  const startedAt = new Map<string, number>();
  let looks = 0;
  const run = async (ref: Parameters<typeof getFunctionName>[0], args: { jobId: string }) => {
    if (getFunctionName(ref) !== "toolgate/gate:admit") {
      looks++;
      return jobSince(startedAt.get(args.jobId) ?? 0);
    }
    const jobId = crypto.randomUUID();
    startedAt.set(jobId, Date.now());
    const context = { principal, rights: { permissions: ["sums:add"] } };
    return {
      operation: jobId,
      context,
      outcome: { state: "started", jobId, isNew: true, watcher: 1 },
    };
  };
  const handler = compose(...chain)(mcp(serverOf(tools)));
  const ctx = { runQuery: run, runMutation: run } as never;
  return { serve: (request: Request) => handler(ctx, request), looks: () => looks };
};

/** Milliseconds until the first byte and from the job's end to the stream's. */
const follow = async (serve: (request: Request) => Promise<Response>) => {
  const start = performance.now();
  const params = { name: "wait", arguments: {}, _meta: { progressToken: 1 } };
  const ask = { era: "2025", method: "tools/call", params, key: toolgate.key } as const;
  const response = await serve(requestOf(ask));
  let first: number | undefined;
  let text = "";
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    first ??= performance.now() - start;
    text += new TextDecoder().decode(chunk);
  }
  if (!text.includes('"structuredContent"')) throw new Error(text.slice(-300));
  return { first: first ?? NaN, late: performance.now() - start - JOB_MS };
};

export const byStreams = async (): Promise<Table> => {
  const rows = [];
  for (const count of [1, 4, 16, 64]) {
    const { serve, looks } = newServer();
    globalThis.gc?.();
    const cpu = process.cpuUsage();
    const all = await Promise.all(Array.from({ length: count }, () => follow(serve)));
    const { user, system } = process.cpuUsage(cpu);
    const ms = (values: number[]) =>
      `${median(values).toFixed(1)} / ${quantile(values, 1).toFixed(1)}`;
    rows.push([
      count,
      ms(all.map(({ first }) => first)),
      ms(all.map(({ late }) => late)),
      looks() / count,
      (user + system) / 1000 / count,
    ]);
  }
  return {
    title: `By open streams (stub database), each following a job of ${String(JOB_MS / 1000)} s`,
    head: [
      "streams",
      "first byte, ms (median / most)",
      "end after the job's end, ms",
      "looks per stream",
      "CPU ms per stream",
    ],
    rows,
  };
};
