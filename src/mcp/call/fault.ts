/**
 * Finds faults in a tool call itself, the same for every caller. The admission reports them before anything runs, and only to a
 * caller who may use the tool. Other callers must not learn how a tool is defined.
 */
import type { Fault } from "../../data/call";
import type { Tool } from "../../registry/tools";
import type { JsonRpcMessage, Params } from "../../wire/jsonrpc";
import type { Era } from "../exchange";
import { headerFault, headerMismatch } from "../revision/headers";
import { malformed } from "./malformed";

const isScalar = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

/** The fault of one header: it must repeat its argument, and be absent if the body lacks the argument. */
const oneParamFault = (headers: Headers, name: string, value: unknown): string | undefined => {
  if (isScalar(value)) return headerFault(headers, name, value);
  return headers.has(name) ? `Header ${name} repeats an argument that the body lacks` : undefined;
};

/** Checks the arguments that headers must repeat (MCP 2026-07-28, "Server Behavior for Custom Headers"). */
const paramFault = (
  { headers: names = {} }: Tool,
  args: Params,
  headers: Headers,
  { paramHeader }: Era,
): Fault | undefined => {
  if (paramHeader === undefined) return undefined;
  for (const [argument, name] of Object.entries(names)) {
    const value = Object.hasOwn(args, argument) ? args[argument] : undefined;
    const message = oneParamFault(headers, paramHeader(name), value);
    if (message !== undefined) return malformed(headerMismatch(message));
  }
  return undefined;
};

/**
 * The first fault of a tool call; undefined if it has none.
 *
 * @param args - the arguments as the client sent them.
 */
export const faultOf = (
  tool: Tool,
  message: JsonRpcMessage,
  args: Params,
  headers: Headers,
  era: Era,
): Fault | undefined => {
  const fault = paramFault(tool, args, headers, era);
  if (fault !== undefined) return fault;
  return tool.taskOnly === true && !era.startsTask(message) ? { kind: "task_only" } : undefined;
};
