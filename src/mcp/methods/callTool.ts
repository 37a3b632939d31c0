/** Answers tools/call. */
import { authorize } from "../../auth/rights";
import type { Started } from "../../data/outcome";
import type { Progress } from "../../data/values";
import { find } from "../../registry/entries";
import { JOB_TOOL } from "../../registry/jobTools";
import type { Tool } from "../../registry/tools";
import { RpcError } from "../../wire/jsonrpc";
import { logInternalError } from "../../wire/responses";
import { approvedBy, endedResult, runningResult } from "../callResult";
import type { Exchange, Handle } from "../exchange";
import { follow } from "../waiting/followJob";
import { tellHeld } from "../waiting/heldCall";
import { inputRequired } from "../waiting/inputRequired";
import { showJob } from "../waiting/shownJob";
import { read } from "./read";
import { createTask } from "./tasks";
import { withLess } from "./less";

/** The tool that shows a job, if the caller may use it. */
const jobToolFor = ({ app, rights }: Exchange): string | undefined => {
  const tool = find(app.tools, JOB_TOOL);
  return tool !== undefined && authorize(rights, { kind: "tool", name: JOB_TOOL }, tool)
    ? JOB_TOOL
    : undefined;
};

const stillRunning = (exchange: Exchange, { jobId }: Started, progress?: Progress): object => {
  const hasKey = exchange.call.idempotencyKey !== undefined;
  return runningResult(jobId, progress, jobToolFor(exchange), hasKey);
};

const followJob = async (exchange: Exchange, tool: Tool, job: Started): Promise<object> => {
  const { era, message } = exchange;
  if (era.startsTask(message)) return createTask(exchange, job);
  if (job.awaits !== undefined) return tellHeld(exchange, job, job.awaits, jobToolFor(exchange));
  const followed = await follow(exchange, job);
  if ("asked" in followed) return inputRequired(exchange, followed.asked, job.jobId);
  return "ended" in followed
    ? approvedBy(endedResult(followed.ended, tool), followed.approval)
    : stillRunning(exchange, job, followed.running);
};

/**
 * Follows a job and turns an unexpected error into "still running". The job runs on, so the reply must not look as if the client
 * could simply call again.
 */
const followSafely = async (exchange: Exchange, tool: Tool, job: Started): Promise<object> => {
  try {
    return await followJob(exchange, tool, job);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    logInternalError(error);
    return stillRunning(exchange, job);
  }
};

/**
 * Answers a tool call. A mutation has already run, in the admission. An action runs as a job, which this request follows. A query
 * runs now. A call of any of them that somebody must approve is a job too, which waits.
 */
export const callTool: Handle = async (exchange) => {
  const { outcome, call, app } = exchange;
  const { target, arguments: args = "{}" } = call;
  const tool = target && find(app.tools, target.name);
  if (target === undefined || tool === undefined)
    throw new Error("A tool was admitted that is not in the registry");
  const reads = target.name === JOB_TOOL ? showJob : read;
  const settled = outcome ?? (await reads(exchange, target, args));
  if (settled.state === "asked") return inputRequired(exchange, settled);
  if (settled.state === "started") return followSafely(exchange, tool, settled);
  const result = endedResult(settled, tool);
  // Nothing but its length makes a failure of what has succeeded.
  return tool.kind === "query" && settled.state === "succeeded" && "isError" in result
    ? withLess(exchange, target.name, result)
    : result;
};
