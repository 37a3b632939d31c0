/** Reads the call of `tools/call`. */
import type { Call } from "../../data/call";
import { isIdempotencyKey } from "../../data/idempotencyKey";
import { find } from "../../registry/entries";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Asks, Era, Incoming } from "../exchange";
import { faultOf } from "./fault";
import { sessionOf } from "./session";
import { staysOpen } from "./stream";

/** The `_meta` member in which a client may send an idempotency key. */
const IDEMPOTENCY_META = "toolgate/idempotencyKey";

/** A call with a longer request id cannot be cancelled by its id. */
const MAX_REQUEST_ID = 128;

/**
 * The idempotency key of `_meta`, or else of the header. Undefined if there is neither.
 *
 * @throws RpcError -32602 for a malformed key.
 */
const outerKey = (meta: unknown, headers: Headers): string | undefined => {
  const key =
    (isObject(meta) ? meta[IDEMPOTENCY_META] : undefined) ?? headers.get("idempotency-key");
  if (key === null) return undefined;
  if (isIdempotencyKey(key)) return key;
  throw invalidParams("the idempotency key must be 8 to 128 visible ASCII characters");
};

/** The call of a tool that writes. The argument `idempotencyKey` is for the gate and does not reach the function. */
const writeCall = (args: Params, outer: string | undefined): Partial<Call> => {
  const { idempotencyKey: sent, ...rest } = args;
  // Models send "" for what they leave out.
  const idempotencyKey = sent === "" ? undefined : sent;
  // A malformed key stays in the arguments. There it is refused and explained like any other wrong argument.
  if (
    idempotencyKey !== undefined &&
    idempotencyKey !== null &&
    !isIdempotencyKey(idempotencyKey)
  ) {
    return { arguments: JSON.stringify(args) };
  }
  const key = idempotencyKey ?? outer;
  return { arguments: JSON.stringify(rest), ...(key === undefined ? {} : { idempotencyKey: key }) };
};

/** The call of an action, which runs as a job. The request stays open until the job ends, unless the client polls for a task. */
const jobCall = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  { startsTask }: Era,
): Promise<Partial<Call>> => {
  const { request, peppers } = incoming;
  const session = await sessionOf(request.headers, peppers);
  const requestId = JSON.stringify(message.id);
  return {
    ...(session === undefined ? {} : { session: session.id }),
    ...(requestId.length > MAX_REQUEST_ID ? {} : { requestId }),
    ...(startsTask(message) ? {} : staysOpen("work", incoming)),
  };
};

/**
 * The call of a tool. A fault that depends on the tool goes into the call, for the admission to report.
 *
 * @throws RpcError -32602 without a `name`, for arguments that are not an object, and for a malformed idempotency key outside the
 * arguments.
 */
export const toolCall: Asks = async (message, incoming, era) => {
  const { name, arguments: args = {}, _meta: meta } = message.params;
  const { headers } = incoming.request;
  if (typeof name !== "string") throw invalidParams('"name" must be a string');
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  // The key is checked for every name. Else the reply would reveal, before the caller is known, whether a tool of this name writes.
  const outer = outerKey(meta, headers);
  const tool = find(incoming.app.tools, name);
  const kind = tool?.kind ?? "query";
  const mayBeAtFault = tool?.headers !== undefined || tool?.taskOnly === true;
  const fault = mayBeAtFault ? faultOf(tool, message, args, headers, era) : undefined;
  return {
    target: { kind: "tool", name },
    ...(fault === undefined ? {} : { fault }),
    ...(kind === "query" ? { arguments: JSON.stringify(args) } : writeCall(args, outer)),
    ...(kind === "action" ? await jobCall(message, incoming, era) : {}),
  };
};
