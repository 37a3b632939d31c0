/** The dispatcher's side of the admission: asks the `admit` mutation for leave, and throws its denial. */
import type { Call, Denial, Leave } from "./admission";
import { quoted } from "./cut";
import type { Peer } from "./dispatcher";
import { isIdempotencyKey } from "./idempotency";
import { ErrorCode, isObject, RpcError, type JsonRpcMessage, type Params } from "./jsonrpc";
import { failed, type Outcome } from "./outcome";
import { orBusy } from "./overload";
import type { Era } from "./protocol/era";
import { CLIENT_INFO_KEY } from "./protocol/meta";
import type { Granted } from "./server";
import { sessionOf } from "./session";
import { findTool, type Registry } from "./tools";

/** What came of asking. Without `leave` there is nothing left to do but to tell `outcome`. */
export interface Admitted {
  readonly call: Call;
  readonly leave?: Leave<Granted>;
  /** How the tool ended, if it already has. */
  readonly outcome?: Outcome;
}

/** The `_meta` member in which a client may send an idempotency key. */
const IDEMPOTENCY_META = "toolgate/idempotencyKey";

/** The leave of a call that was let in; a method that needs one is not reached without. */
export const leaveOf = ({ admitted }: { readonly admitted: Admitted }): Leave<Granted> => {
  if (admitted.leave === undefined) throw new Error("The call was not admitted");
  return admitted.leave;
};

const invalidParams = (message: string) =>
  new RpcError(ErrorCode.InvalidParams, `Invalid params: ${message}`);

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
const jobCall = (message: JsonRpcMessage, headers: Headers, { startsTask }: Era): Partial<Call> => {
  const session = sessionOf(headers);
  const requestId = JSON.stringify(message.id);
  return {
    ...(session === undefined ? {} : { session }),
    ...(requestId.length > MAX_REQUEST_ID ? {} : { requestId }),
    ...(startsTask(message) ? {} : { holds: true }),
  };
};

/** A call with a longer id cannot be cancelled by it. */
const MAX_REQUEST_ID = 128;

/** What to ask leave for when the message is a `tools/call`. */
const toolCall = (
  message: JsonRpcMessage,
  headers: Headers,
  tools: Registry,
  era: Era,
): Partial<Call> => {
  const { name, arguments: args = {}, _meta: meta } = message.params;
  if (typeof name !== "string") throw invalidParams('"name" must be a string');
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  // For any tool: whether there is one that writes is not told before it is known who asks.
  const outer = outerKey(meta, headers);
  const kind = findTool(tools, name)?.kind ?? "query";
  return {
    tool: name,
    ...(kind === "query" ? { arguments: JSON.stringify(args) } : writeCall(args, outer)),
    ...(kind === "action" ? jobCall(message, headers, era) : {}),
  };
};

/** A hint for the audit log: the client's name and version, or its User-Agent. */
const clientOf = ({ params }: JsonRpcMessage, headers: Headers): Pick<Call, "client"> => {
  const meta = isObject(params._meta) ? params._meta[CLIENT_INFO_KEY] : undefined;
  const info = meta ?? params.clientInfo;
  const name = isObject(info)
    ? [info.name, info.version].filter((part) => typeof part === "string").join(" ")
    : "";
  const client = quoted(name === "" ? (headers.get("user-agent") ?? "") : name, 128);
  return client === "" ? {} : { client };
};

const toError = ({ code, message, status, headers, withId }: Denial): RpcError =>
  new RpcError(code, message, {
    status,
    ...(headers === undefined ? {} : { headers }),
    withoutId: withId !== true,
  });

/**
 * Asks for leave, in one mutation that also runs a mutation tool.
 *
 * @returns what was granted. Arguments that the caller's key does not allow come back as a failed outcome.
 * @throws RpcError for any other denial (401, 429, unknown tool), for a `tools/call` without a name (-32602).
 */
export const admit = async (
  { ctx, request, server }: Peer,
  era: Era,
  message: JsonRpcMessage,
): Promise<Admitted> => {
  const call: Call = {
    method: message.method,
    protocol: era.version,
    ...clientOf(message, request.headers),
    // A notification runs no tool: nobody would learn how it ended.
    ...(message.method === "tools/call" && message.id !== undefined
      ? toolCall(message, request.headers, server.tools, era)
      : {}),
  };
  const admission = await orBusy(
    ctx.runMutation(server.gate.admit, { evidence: ctx.evidence, call }),
  );
  if (!("denial" in admission)) {
    const { outcome } = admission;
    return { call, leave: admission, ...(outcome === undefined ? {} : { outcome }) };
  }
  const { denial } = admission;
  if (denial.toRetry === true) return { outcome: failed("not_allowed", denial.message), call };
  throw toError(denial);
};
