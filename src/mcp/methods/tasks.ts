/**
 * The tasks extension. A task is a job, described in the terms of the extension.
 *
 * @see SEP-2663, extension `io.modelcontextprotocol/tasks`, for MCP 2026-07-28
 */
import { MAX_ANSWERS } from "../../asking/answers";
import { shownRequests, type OpenRequests } from "../../asking/misfit";
import { authorize } from "../../auth/rights";
import { isLongerThan } from "../../base/text";
import { isOver, JOB_KEPT_MS, outcomeOf, waitingText } from "../../data/jobState";
import type { Started } from "../../data/outcome";
import type { Watched } from "../../jobs/read";
import { find } from "../../registry/entries";
import type { Tool } from "../../registry/tools";
import {
  ErrorCode,
  invalidParams,
  isObject,
  RpcError,
  type JsonRpcMessage,
} from "../../wire/jsonrpc";
import { logInternalError } from "../../wire/responses";
import { approvedBy, endedResult } from "../callResult";
import type { Exchange, Handle } from "../exchange";
import { runMutation } from "../glue";
import { withMeta } from "../operation";
import { declaresTasks, needsTasks } from "../revision/tasks";
import { look } from "../waiting/followJob";

/** The pause between two polls of a call that waits for a person, in milliseconds. Twice as often would be 2,880 calls a day. */
const WAITING_POLL_MS = 60_000;

/**
 * The milliseconds that a client should wait before it polls again: 0.25 s at first, and 5 s once the task is a minute old. Each poll
 * counts against the limits of its key; this gives some 30 in the first minute, and 12 a minute later.
 *
 * @param now - in milliseconds since 1970. An ended task grows no older.
 */
const pollIntervalOf = ({ state, createdAt, updatedAt }: Seen, now: number): number =>
  state === "awaiting_approval"
    ? WAITING_POLL_MS
    : Math.min(5_000, 250 + Math.max(0, (isOver({ state }) ? updatedAt : now) - createdAt) / 10);

type Times = Pick<Watched, "createdAt" | "updatedAt">;
type Seen = Times & Pick<Watched, "state" | "progress" | "failure" | "approval">;

/** A call that waits for a person is `working`: `input_required` means input of the client. */
const statusOf = ({ state }: Seen): string => {
  if (state === "cancelled") return "cancelled";
  if (state === "unknown") return "failed";
  if (state === "input_required") return "input_required";
  return isOver({ state }) ? "completed" : "working";
};

/** What the user may be told of the task: what it waits for, how far it is, or why it was cancelled. */
const messageOf = ({ state, progress, failure, approval }: Seen): string | undefined => {
  if (state === "awaiting_approval" && approval !== undefined) return waitingText(approval);
  if (state === "cancelled") return failure?.message;
  return progress?.message;
};

/** How long the task can be read, in milliseconds from its creation. One that waits can be read for as long after that. */
const ttlOf = ({ state, approval, createdAt }: Seen): number =>
  JOB_KEPT_MS + (state === "awaiting_approval" && approval ? approval.until - createdAt : 0);

/**
 * The `Task` of a job. A tool that reports a failure counts as `completed`, and its result says why. `failed` is for faults of the
 * server; its error says that the outcome is unknown.
 */
const toTask = (jobId: string, seen: Seen, now: number): object => ({
  taskId: jobId,
  status: statusOf(seen),
  statusMessage: messageOf(seen),
  createdAt: new Date(seen.createdAt).toISOString(),
  lastUpdatedAt: new Date(seen.updatedAt).toISOString(),
  ttlMs: ttlOf(seen),
  pollIntervalMs: Math.round(pollIntervalOf(seen, now)),
});

const unknownTask = () => new RpcError(ErrorCode.InvalidParams, "Unknown task");

interface OwnTask {
  readonly jobId: string;
  readonly seen: Watched;
  readonly tool: Tool;
}

/**
 * The caller's task, if the caller may still use its tool.
 *
 * @throws RpcError -32602 for any other task, whatever the reason.
 */
const lookAt = async (exchange: Exchange, jobId: string): Promise<OwnTask> => {
  const seen = await look(exchange, jobId);
  const tool = seen === null ? undefined : find(exchange.app.tools, seen.tool);
  if (
    seen === null ||
    tool === undefined ||
    !authorize(exchange.rights, { kind: "tool", name: seen.tool }, tool)
  ) {
    throw unknownTask();
  }
  return { jobId, seen, tool };
};

/** The answer to a `tools/call` that runs as a job or waits, for a client that declares tasks (`CreateTaskResult`). */
export const createTask = async (
  exchange: Exchange,
  { jobId, awaits }: Started,
): Promise<object> => {
  // The task exists even if its row cannot be read just now.
  const state = awaits === undefined ? "working" : "awaiting_approval";
  const justStarted = {
    state,
    ...(awaits && { approval: awaits }),
    ...sinceNow(exchange),
  } as const;
  const seen = await look(exchange, jobId).catch(logInternalError);
  const known = seen === null || typeof seen === "string" ? justStarted : seen;
  return { resultType: "task", ...toTask(jobId, known, exchange.receivedAt) };
};

const sinceNow = ({ receivedAt }: Exchange): Times => ({
  createdAt: receivedAt,
  updatedAt: receivedAt,
});

const requireDeclared = (message: JsonRpcMessage): void => {
  if (declaresTasks(message)) return;
  throw new RpcError(ErrorCode.MissingClientCapability, "This method needs the tasks extension", {
    status: 400,
    data: needsTasks(),
  });
};

const ownTask = async (exchange: Exchange): Promise<OwnTask> => {
  requireDeclared(exchange.message);
  const { taskId } = exchange.message.params;
  if (typeof taskId !== "string") {
    throw new RpcError(ErrorCode.InvalidParams, 'Invalid params: "taskId" must be a string');
  }
  return lookAt(exchange, taskId);
};

/** The end of a task, or its questions, as a member of the `tasks/get` reply. Empty while it works, and if it was cancelled. */
const endOf = (seen: Watched, tool: Tool, { era, app }: Exchange): object => {
  const ended = outcomeOf(seen);
  if (seen.taskRequests !== undefined)
    return { inputRequests: shownRequests(JSON.parse(seen.taskRequests) as OpenRequests) };
  if (ended === undefined || seen.state === "cancelled") return {};
  if (seen.state === "unknown" && ended.state === "failed") {
    return { error: { code: ErrorCode.InternalError, message: ended.message } };
  }
  const told = approvedBy(endedResult(ended, tool), seen.approval);
  const result = withMeta(told, { "toolgate/operation": seen.operation });
  return { result: era.finish(result, {}, app) };
};

/**
 * Answers tasks/get.
 *
 * @throws RpcError -32021 (HTTP 400) if the client does not declare tasks, -32602 for an unknown task
 */
export const getTask: Handle = async (exchange) => {
  const { jobId, seen, tool } = await ownTask(exchange);
  return { ...toTask(jobId, seen, exchange.receivedAt), ...endOf(seen, tool, exchange) };
};

/**
 * Answers tasks/update: passes on the client's answers to the questions of the task. Answers to other questions are ignored.
 *
 * @throws RpcError -32021 (HTTP 400) if the client does not declare tasks, -32602 for an unknown task, and for answers that are not
 * an object or are too long.
 */
export const updateTask: Handle = async (exchange) => {
  const { jobId } = await ownTask(exchange);
  const { inputResponses } = exchange.message.params;
  if (!isObject(inputResponses)) throw invalidParams('"inputResponses" must be an object');
  const responses = JSON.stringify(inputResponses);
  if (isLongerThan(responses, MAX_ANSWERS)) throw invalidParams('"inputResponses" is too long');
  const { principal } = exchange;
  await runMutation(exchange, "jobs:answer", { jobId, principal, responses });
  return {};
};

/**
 * Answers tasks/cancel: asks the job to stop. A job that has ended stays as it is.
 *
 * @throws RpcError -32021 (HTTP 400) if the client does not declare tasks, -32602 for an unknown task.
 */
export const cancelTask: Handle = async (exchange) => {
  const { jobId } = await ownTask(exchange);
  const { principal } = exchange;
  await runMutation(exchange, "jobs:cancel", { jobId, principal });
  return {};
};
