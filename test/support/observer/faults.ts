/** What is wrong with a message by the JSON schema of its revision. */
import { isObject } from "../../../src/wire/jsonrpc";
import { definitions, type Revision } from "./schemas";

/** What a message answers: undefined for what a server sends on its own. */
export interface Asked {
  readonly revision: Revision;
  readonly method: string | undefined;
}

/** The tasks extension is no part of the schema: of its results only the envelope is checked. */
const isTaskResult = (result: Record<string, unknown>, method = ""): boolean =>
  result.resultType === "task" || method.startsWith("tasks/");

const resultName = ({ revision, method = "" }: Asked, result: Record<string, unknown>) => {
  const { has, ofMethod } = definitions(revision);
  if (revision === "2026-07-28" && isTaskResult(result, method)) return "Result";
  if (result.resultType === "input_required" && has("InputRequiredResult"))
    return "InputRequiredResult";
  const own = ofMethod(method)?.replace(/Request$/, "Result");
  return own !== undefined && has(own) ? own : "EmptyResult";
};

/** By which definition which value is checked. */
const checksOf = (message: Record<string, unknown>, asked: Asked): [string, unknown][] => {
  const { has, ofMethod } = definitions(asked.revision);
  const first = (...names: string[]) => names.find(has) ?? "JSONRPCMessage";
  if (typeof message.method === "string") {
    return [[ofMethod(message.method) ?? `the method ${message.method}`, message]];
  }
  if ("error" in message) return [[first("JSONRPCErrorResponse", "JSONRPCError"), message]];
  const envelope = first("JSONRPCResultResponse", "JSONRPCResponse");
  const { result } = message;
  return isObject(result)
    ? [
        [envelope, message],
        [resultName(asked, result), result],
      ]
    : [[envelope, message]];
};

/**
 * By which revision a message is checked. Every revision allows "a JSON-RPC error response that has no id" (basic/transports, Sending
 * Messages to the Server); only the schemas since 2025-11-25 say so too.
 */
const schemaFor = (message: Record<string, unknown>, { revision, method }: Asked): Asked => {
  const old = revision === "2025-03-26" || revision === "2025-06-18";
  const nameless = "error" in message && !("id" in message);
  return { method, revision: old && nameless ? "2025-11-25" : revision };
};

/** @returns one line for each fault; none for a message as the schema has it. */
export const faultsOf = (message: unknown, asked: Asked): string[] => {
  if (!isObject(message)) return ["a message must be an object"];
  const { revision, ...rest } = schemaFor(message, asked);
  return checksOf(message, { revision, ...rest }).flatMap(([name, value]) => {
    const validate = definitions(revision).validator(name);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message: what = "" }) =>
        `${revision} ${name}${instancePath}: ${what} in ${JSON.stringify(value).slice(0, 300)}`,
    );
  });
};
