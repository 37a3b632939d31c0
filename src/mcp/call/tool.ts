/** What a `tools/call` asks leave for. */
import type { Call } from "../../data/call";
import { isIdempotencyKey } from "../../data/idempotencyKey";
import { find } from "../../registry/entries";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Asks, Era, Incoming } from "../exchange";
import { faultOf } from "./fault";
import { sessionOf } from "./session";

/** The `_meta` member in which a client may send an idempotency key. */
const IDEMPOTENCY_META = "toolgate/idempotencyKey";

/** A call with a longer id cannot be cancelled by it. */
const MAX_REQUEST_ID = 128;

/** The idempotency key of `_meta` or, failing that, of the header. */
const outerKey = (meta: unknown, headers: Headers): string | undefined => {
  const key =
    (isObject(meta) ? meta[IDEMPOTENCY_META] : undefined) ?? headers.get("idempotency-key");
  if (key === null) return undefined;
  if (isIdempotencyKey(key)) return key;
  throw invalidParams("the idempotency key must be 8 to 128 visible ASCII characters");
};

/** The call of a tool that writes: the argument `idempotencyKey` is the gate's, not the function's. */
const writeCall = (args: Params, outer: string | undefined): Partial<Call> => {
  const { idempotencyKey, ...rest } = args;
  // A malformed one stays among the arguments, where it is refused and explained like any other argument.
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

/** An action runs as a job; the request waits for it, unless the client is to ask after it. */
const jobCall = async (
  message: JsonRpcMessage,
  { request: { headers }, peppers }: Incoming,
  { startsTask }: Era,
): Promise<Partial<Call>> => {
  const session = await sessionOf(headers, peppers);
  const requestId = JSON.stringify(message.id);
  return {
    ...(session === undefined ? {} : { session: session.id }),
    ...(requestId.length > MAX_REQUEST_ID ? {} : { requestId }),
    ...(startsTask(message) ? {} : { wantsStreamLease: true }),
  };
};

export const toolCall: Asks = async (message, incoming, era) => {
  const { name, arguments: args = {}, _meta: meta } = message.params;
  const { headers } = incoming.request;
  if (typeof name !== "string") throw invalidParams('"name" must be a string');
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  // For any tool: whether there is one that writes is not told before it is known who asks.
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
