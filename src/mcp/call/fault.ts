/**
 * What is wrong with a call itself, whoever makes it. It is told only to a caller who may make it, by the admission, and before
 * anything runs: others must not learn what a tool is like.
 */
import type { Fault } from "../../data/call";
import type { Tool } from "../../registry/tools";
import type { JsonRpcMessage, Params } from "../../wire/jsonrpc";
import type { Era } from "../exchange";
import { headerFault } from "../revision/headers";

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
  for (const [argument, name] of Object.entries(names)) {
    const value = Object.hasOwn(args, argument) ? args[argument] : undefined;
    const message = oneParamFault(headers, paramHeader(name), value);
    if (message !== undefined) return { kind: "header_mismatch", message };
  }
  return undefined;
};

/** The first fault of a call of a tool. */
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
