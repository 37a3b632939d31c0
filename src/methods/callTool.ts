/** tools/call. */
import { leaveOf } from "../admit";
import { endedResult, runningResult } from "../callResult";
import type { Exchange, Method } from "../dispatcher";
import { follow } from "../jobs/follow";
import type { Ended } from "../outcome";
import { findTool, type Tool } from "../tools";
import { createTask } from "./tasks";

const runQuery = async (exchange: Exchange): Promise<Ended> => {
  const { ctx, server, admitted } = exchange;
  const { target = { kind: "tool", name: "" }, arguments: args = "{}" } = admitted.call;
  const { principal } = leaveOf(exchange).granted;
  return ctx.runQuery(server.gate.read, { target, arguments: args, principal });
};

const followJob = async (exchange: Exchange, tool: Tool, jobId: string): Promise<object> => {
  const { era, message, server } = exchange;
  const { granted } = leaveOf(exchange);
  if (era.startsTask(message)) return createTask(exchange, granted, jobId);
  const followed = await follow(exchange, granted, jobId, tool.maxInline);
  return "ended" in followed
    ? endedResult(followed.ended, tool)
    : runningResult(jobId, followed.running, server.jobTool);
};

/** A held request whose answer was there at once gives its place back. */
const release = async ({ ctx, server, admitted }: Exchange): Promise<void> => {
  const stream = admitted.leave?.granted.stream;
  if (stream !== undefined) await ctx.runMutation(server.jobs.hold, { stream, open: false });
};

/** A mutation has run by now, in the admission; an action runs as a job; a query is still to come. */
export const callTool: Method = async (exchange) => {
  const { outcome, call } = exchange.admitted;
  const tool = findTool(exchange.server.tools, call.target?.name ?? "");
  if (tool === undefined) throw new Error("A tool was admitted that is not in the registry");
  if (outcome === undefined) return endedResult(await runQuery(exchange), tool);
  if (outcome.state === "started") return followJob(exchange, tool, outcome.jobId);
  await release(exchange);
  return endedResult(outcome, tool);
};
