/** Reads the call of `tools/call`. */
import type { Call } from "../../data/call";
import { isIdempotencyKey } from "../../data/idempotencyKey";
import { find } from "../../registry/entries";
import { isWait, JOB_TOOL } from "../../registry/jobTools";
import type { Tool } from "../../registry/tools";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import { readingsOf } from "../../wire/repeats";
import type { Asks, Era, Incoming } from "../exchange";
import { faultOf } from "./fault";
import { patienceOf } from "./patience";
import { sessionOf, SESSION_HEADER, type Session } from "./session";
import { staysOpen } from "./stream";

/** The `_meta` member in which a client may send an idempotency key. */
const IDEMPOTENCY_META = "toolgate/idempotencyKey";

/** A call with a longer request id cannot be cancelled by its id. */
const MAX_REQUEST_ID = 128;

/** The places of a key, as the client reads them. */
const IN_ARGUMENTS = "the argument idempotencyKey";
const IN_META = `_meta["${IDEMPOTENCY_META}"]`;
const IN_HEADER = "the header Idempotency-Key";

const malformedKey = (place: string) =>
  invalidParams(`the idempotency key in ${place} must be one of 8 to 128 visible ASCII characters`);

/**
 * The key in the header; undefined if there is none. The whole value is a key if it can be, since a comma may be part of one.
 *
 * @throws RpcError -32602 for a malformed key, or different ones.
 */
const headerKey = (headers: Headers): string | undefined => {
  const value = headers.get("idempotency-key");
  if (value === null) return undefined;
  const key = readingsOf(value).find(isIdempotencyKey);
  if (key !== undefined) return key;
  throw malformedKey(IN_HEADER);
};

/** @throws RpcError -32602 that names both places, if they hold different keys */
const agree = (place: string, key: string | undefined, other: string, its: string | undefined) => {
  if (key === undefined || its === undefined || key === its) return;
  throw invalidParams(`${place} and ${other} are different idempotency keys. Send one.`);
};

/**
 * The idempotency key of a call, and whether it stands in the header. A malformed one in the arguments does not count: there it is
 * refused and explained like any other wrong argument.
 *
 * @throws RpcError -32602 for another malformed key, or for different keys.
 */
const keyOf = (args: Params, meta: unknown, headers: Headers) => {
  const inArguments = isIdempotencyKey(args.idempotencyKey) ? args.idempotencyKey : undefined;
  const inMeta = (isObject(meta) ? meta[IDEMPOTENCY_META] : undefined) ?? undefined;
  if (inMeta !== undefined && !isIdempotencyKey(inMeta)) throw malformedKey(IN_META);
  const inHeader = headerKey(headers);
  agree(IN_ARGUMENTS, inArguments, IN_META, inMeta);
  agree(IN_ARGUMENTS, inArguments, IN_HEADER, inHeader);
  agree(IN_META, inMeta, IN_HEADER, inHeader);
  return { key: inArguments ?? inMeta ?? inHeader, isInHeader: inHeader !== undefined };
};

/** The tools that the other messages of a batch call. */
const othersIn = (batch: readonly unknown[], name: string): string[] => {
  const names = batch.flatMap((message) => {
    const params =
      isObject(message) && message.method === "tools/call" ? message.params : undefined;
    return isObject(params) && typeof params.name === "string" ? [params.name] : [];
  });
  names.splice(names.indexOf(name), 1);
  return names;
};

/**
 * The call of a tool that writes. The argument `idempotencyKey` is for the gate and does not reach the function, unless the function
 * declares it too.
 */
const writeCall = (
  tool: Tool | undefined,
  args: Params,
  key: string | undefined,
): Partial<Call> => {
  const forGate = key === undefined ? {} : { idempotencyKey: key };
  if (tool?.idempotencyKey === true) return { arguments: JSON.stringify(args), ...forGate };
  const { idempotencyKey: sent, ...rest } = args;
  // Models send "" for what they leave out.
  const idempotencyKey = sent === "" ? undefined : sent;
  // A malformed key stays in the arguments. There it is refused and explained like any other wrong argument.
  if ((idempotencyKey ?? key) !== key) return { arguments: JSON.stringify(args) };
  return { arguments: JSON.stringify(rest), ...forGate };
};

/** The call of an action. Its request stays open until the job ends or the time is up, unless the client polls for a task. */
const jobCall = (
  { maxInline = Infinity }: Tool,
  message: JsonRpcMessage,
  incoming: Incoming,
  { startsTask }: Era,
  session: Session | undefined,
): Partial<Call> => {
  if (startsTask(message)) return {};
  const seconds = Math.min(maxInline, patienceOf(message, incoming, session?.patient));
  return staysOpen("work", incoming, seconds);
};

/** The call that shows a job. Its request stays open if it wants to wait for the job and there is a place for it. */
const jobShown = ({ waitSeconds = 0 }: Params, incoming: Incoming): Partial<Call> => {
  if (waitSeconds === 0 || !isWait(waitSeconds)) return {};
  const { stream } = staysOpen("work", incoming, waitSeconds);
  return { stream: { ...stream, isOptional: true } };
};

/**
 * The call of a tool. A fault that depends on the tool goes into the call, for the admission to report.
 *
 * @throws RpcError -32602 without a `name`, for arguments that are not an object, for a malformed idempotency key outside the arguments,
 * and for different keys.
 */
export const toolCall: Asks = async (message, incoming, era) => {
  const { name, arguments: args = {}, _meta: meta } = message.params;
  const { request, batch } = incoming;
  const { headers } = request;
  if (typeof name !== "string") throw invalidParams('"name" must be a string');
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  // The key is checked for every name. Else the reply would reveal, before the caller is known, whether a tool of this name writes.
  const { key, isInHeader } = keyOf(args, meta, headers);
  const tool = find(incoming.app.tools, name);
  const kind = tool?.kind ?? "query";
  const mayBeAtFault = tool?.headers !== undefined || tool?.taskOnly === true;
  // Any tool may wait for somebody's approval, and then be cancelled by these: what key and role say, only the admission knows.
  const session = headers.has(SESSION_HEADER) ? await sessionOf(headers) : undefined;
  const requestId = JSON.stringify(message.id);
  const call: Partial<Call> = {
    target: { kind: "tool", name },
    arguments: kind === "query" ? JSON.stringify(args) : undefined,
    fault: mayBeAtFault ? faultOf(tool, message, args, headers, era) : undefined,
    sharesKeyWith: isInHeader && batch !== undefined ? othersIn(batch, name) : undefined,
    session: session?.id,
    requestId: requestId.length > MAX_REQUEST_ID ? undefined : requestId,
  };
  if (kind === "query") return name === JOB_TOOL ? { ...call, ...jobShown(args, incoming) } : call;
  return {
    ...{ ...call, ...writeCall(tool, args, key) },
    ...(tool && kind === "action" ? jobCall(tool, message, incoming, era, session) : {}),
  };
};
