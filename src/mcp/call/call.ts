/** What the dispatcher asks leave for, read from a message and its headers. */
import { parsePeppers } from "../../auth/pepper";
import { quoted } from "../../base/text";
import type { Call, Target } from "../../data/call";
import { isIdempotencyKey } from "../../data/idempotencyKey";
import { find } from "../../registry/entries";
import { findTarget } from "../../registry/registry";
import { checkAcceptsStream } from "../../wire/accept";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era } from "../exchange";
import type { McpServer } from "../server";
import { filterOf, LISTEN } from "../revision/listenFilter";
import { CLIENT_INFO_KEY } from "../revision/meta";
import { faultOf } from "./fault";
import { callInput, returnedIn } from "./input";
import { sessionOf } from "./session";

/** The `_meta` member in which a client may send an idempotency key. */
const IDEMPOTENCY_META = "toolgate/idempotencyKey";

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
  headers: Headers,
  { peppers }: McpServer,
  { startsTask }: Era,
): Promise<Partial<Call>> => {
  const session = await sessionOf(headers, parsePeppers(peppers()));
  const requestId = JSON.stringify(message.id);
  return {
    ...(session === undefined ? {} : { session: session.id }),
    ...(requestId.length > MAX_REQUEST_ID ? {} : { requestId }),
    ...(startsTask(message) ? {} : { holds: true }),
  };
};

/** A call with a longer id cannot be cancelled by it. */
const MAX_REQUEST_ID = 128;

/** What to ask leave for when the message is a `tools/call`. */
const toolCall = async (
  message: JsonRpcMessage,
  headers: Headers,
  server: McpServer,
  era: Era,
): Promise<Partial<Call>> => {
  const { name, arguments: args = {}, _meta: meta } = message.params;
  if (typeof name !== "string") throw invalidParams('"name" must be a string');
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  // For any tool: whether there is one that writes is not told before it is known who asks.
  const outer = outerKey(meta, headers);
  const tool = find(server.tools, name);
  const kind = tool?.kind ?? "query";
  const fault = tool && faultOf(tool, message, args, headers, era);
  return {
    target: { kind: "tool", name },
    ...(fault === undefined ? {} : { fault }),
    ...(kind === "query" ? { arguments: JSON.stringify(args) } : writeCall(args, outer)),
    ...(kind === "action" ? await jobCall(message, headers, server, era) : {}),
  };
};

const isText = (value: unknown): value is string => typeof value === "string";

/** What a completion is asked for. */
const completionTarget = ({ ref }: Params): Target => {
  if (isObject(ref) && ref.type === "ref/prompt" && isText(ref.name)) {
    return { kind: "prompt", name: ref.name };
  }
  if (isObject(ref) && ref.type === "ref/resource" && isText(ref.uri)) {
    return { kind: "resource", name: ref.uri };
  }
  throw invalidParams('"ref" must be a prompt with a "name" or a resource with a "uri"');
};

/** What a message names, beside tools, which are more than a name. */
const targetOf = ({ method, params }: JsonRpcMessage): Target | undefined => {
  switch (method) {
    case "resources/read":
    case "resources/subscribe":
    case "resources/unsubscribe":
      if (isText(params.uri)) return { kind: "resource", name: params.uri };
      throw invalidParams('"uri" must be a string');
    case "prompts/get":
      if (isText(params.name)) return { kind: "prompt", name: params.name };
      throw invalidParams('"name" must be a string');
    case "completion/complete":
      return completionTarget(params);
    default:
      return undefined;
  }
};

/** A stream of changes is held open. What is wrong with its request is said before it takes a place. */
const listenCall = ({ method, params }: JsonRpcMessage, headers: Headers): Partial<Call> => {
  checkAcceptsStream(headers, method);
  filterOf(params);
  return { holds: true };
};

/** The part of the call that depends on the method, if the era has it. A notification runs nothing: nobody would learn how it ended. */
const namedCall = (
  message: JsonRpcMessage,
  headers: Headers,
  server: McpServer,
  era: Era,
): Partial<Call> | Promise<Partial<Call>> => {
  if (message.id === undefined || !Object.hasOwn(era.methods, message.method)) return {};
  if (message.method === LISTEN) return listenCall(message, headers);
  if (message.method === "tools/call") return toolCall(message, headers, server, era);
  const target = targetOf(message);
  return target === undefined ? {} : { target };
};

/** The methods that may be answered with a question (MCP 2026-07-28 basic/patterns/mrtr). */
const ASKING: readonly string[] = ["tools/call", "prompts/get", "resources/read"];

/** What a call to something that may ask says on top. One that may ask a 2025 client is held open while it waits. */
const askingCall = async (
  message: JsonRpcMessage,
  headers: Headers,
  server: McpServer,
  era: Era,
  target: Target | undefined,
): Promise<Partial<Call>> => {
  if (target === undefined || !ASKING.includes(message.method)) return {};
  const returned = returnedIn(message);
  if (findTarget(server, target)?.input !== true) return {};
  const peppers = parsePeppers(server.peppers());
  const input = await callInput(returned, peppers, target, server);
  if ("reason" in input) return { fault: input };
  const can = await era.canAsk(message, headers, peppers);
  return {
    input: { can: [...can], ...input },
    ...(era.asksOnStream && can.length > 0 ? { holds: true } : {}),
    // Its arguments are part of what a state is bound to.
    ...(target.kind === "prompt"
      ? { arguments: JSON.stringify(message.params.arguments ?? {}) }
      : {}),
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

/**
 * The call that a message makes.
 *
 * @throws RpcError -32602 for a call without a name, with arguments that are no object, with a bad filter, with a malformed idempotency key, or with
 * answers or a `requestState` of the wrong type.
 */
export const callOf = async (
  message: JsonRpcMessage,
  { headers }: Request,
  server: McpServer,
  era: Era,
): Promise<Call> => {
  const named = await namedCall(message, headers, server, era);
  return {
    method: message.method,
    protocol: era.version,
    ...clientOf(message, headers),
    ...named,
    ...(await askingCall(message, headers, server, era, named.target)),
  };
};
