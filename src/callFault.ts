/**
 * What is wrong with a call itself, apart from who makes it. It is told only to a caller who may make it, by the admission, and before
 * anything runs: others must not learn what a tool is like.
 */
import { v, type Infer } from "convex/values";
import type { Denial } from "./admission";
import { ErrorCode, type JsonRpcMessage, type Params } from "./jsonrpc";
import type { Era } from "./protocol/era";
import { headerFault } from "./protocol/headers";
import { TASKS_EXTENSION } from "./protocol/meta";
import type { Tool } from "./tools";

export const faultValidator = v.object({
  reason: v.string(),
  code: v.number(),
  message: v.string(),
  /** As JSON text. */
  data: v.optional(v.string()),
  /** Told by the tool's result: the revision has no error for it. */
  toRetry: v.optional(v.boolean()),
});

type Fault = Infer<typeof faultValidator>;

/** Arguments that a header must repeat. An absent one needs none (MCP 2026-07-28, "Custom Headers"). */
const paramFault = (
  { headers: names = {} }: Tool,
  args: Params,
  headers: Headers,
  { paramHeader }: Era,
): Fault | undefined => {
  if (paramHeader === undefined) return undefined;
  const message = Object.entries(names)
    .map(([argument, name]) => {
      const value = Object.hasOwn(args, argument) ? args[argument] : undefined;
      return ["string", "number", "boolean"].includes(typeof value)
        ? headerFault(headers, paramHeader(name), value as string | number | boolean)
        : undefined;
    })
    .find((fault) => fault !== undefined);
  return message === undefined
    ? undefined
    : { reason: "header_mismatch", code: ErrorCode.HeaderMismatch, message };
};

/** A tool that only runs as a task, for a client that knows none. */
const taskFault = (tool: Tool, message: JsonRpcMessage, era: Era): Fault | undefined =>
  tool.taskOnly === true && !era.startsTask(message)
    ? {
        reason: "task_only",
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

/** A fault as the refusal of a call that the gate had let in. */
export const denialOf = (fault: Fault): Denial => ({ ...fault, status: 400, withId: true });
