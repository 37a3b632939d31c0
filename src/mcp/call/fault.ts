/**
 * What is wrong with a call itself, apart from who makes it. It is told only to a caller who may make it, by the admission, and before
 * anything runs: others must not learn what a tool is like.
 */
import type { Fault } from "../../data/call";
import type { Tool } from "../../registry/tools";
import { ErrorCode, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era } from "../exchange";
import { headerFault } from "../revision/headers";
import { TASKS_EXTENSION } from "../revision/meta";

const isScalar = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

/** What is wrong with one header: it must say what the argument says, and nothing if that says nothing. */
const oneParamFault = (headers: Headers, name: string, value: unknown): string | undefined => {
  if (isScalar(value)) return headerFault(headers, name, value);
  return headers.has(name) ? `Header ${name} repeats an argument that the body lacks` : undefined;
};

/** Arguments that headers must repeat (MCP 2026-07-28, "Server Behavior for Custom Headers"). */
const paramFault = (
  { headers: names = {} }: Tool,
  args: Params,
  headers: Headers,
  { paramHeader }: Era,
): Fault | undefined => {
  if (paramHeader === undefined) return undefined;
  const message = Object.entries(names)
    .map(([argument, name]) =>
      oneParamFault(
        headers,
        paramHeader(name),
        Object.hasOwn(args, argument) ? args[argument] : undefined,
      ),
    )
    .find((fault) => fault !== undefined);
  return message === undefined
    ? undefined
    : { reason: "header_mismatch", status: 400, code: ErrorCode.HeaderMismatch, message };
};

/** A tool that only runs as a task, for a client that knows none. */
const taskFault = (tool: Tool, message: JsonRpcMessage, era: Era): Fault | undefined =>
  tool.taskOnly === true && !era.startsTask(message)
    ? {
        reason: "task_only",
        status: 400,
        code: ErrorCode.MissingClientCapability,
        message: "This tool needs a client with the tasks extension",
        data: JSON.stringify({ requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } }),
        ...(era.asksOnStream ? { toRetry: true } : {}),
      }
    : undefined;

/** The first fault of a call of a tool. */
export const faultOf = (
  tool: Tool,
  message: JsonRpcMessage,
  args: Params,
  headers: Headers,
  era: Era,
): Fault | undefined => paramFault(tool, args, headers, era) ?? taskFault(tool, message, era);
