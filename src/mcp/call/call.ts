/** What a message asks leave for, read from its body and headers. */
import { quoted } from "../../base/text";
import type { Call, Target } from "../../data/call";
import { findTarget } from "../../registry/registry";
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";
import type { Era, Incoming, Method } from "../exchange";
import { CLIENT_INFO_KEY } from "../revision/meta";
import { callInput, returnedIn } from "./input";

/** What a call to something that may ask says on top. One that may ask a 2025 client stays open while it waits. */
const askingCall = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
  target: Target,
): Promise<Partial<Call>> => {
  const { server, peppers } = incoming;
  const returned = returnedIn(message);
  if (findTarget(server, target)?.input !== true) return {};
  const input = await callInput(returned, peppers, target, server);
  if ("kind" in input) return { fault: input };
  const can = await era.canAsk(message, incoming);
  return {
    input: { can: [...can], ...input },
    ...(era.asksOnStream && can.length > 0 ? { wantsStreamLease: true } : {}),
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
 * The call that a message makes. A notification runs nothing: nobody would learn how it ended.
 *
 * @throws RpcError -32602 for a call without a name, with arguments that are no object, with a bad filter, with a malformed idempotency key, or with
 * answers or a `requestState` of the wrong type.
 */
export const callOf = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
  { asks, mayAsk }: Method = {},
): Promise<Call> => {
  const asked = (message.id === undefined ? undefined : await asks?.(message, incoming, era)) ?? {};
  const { target } = asked;
  return {
    method: message.method,
    protocol: era.version,
    ...clientOf(message, incoming.request.headers),
    ...asked,
    ...(mayAsk === true && target !== undefined
      ? await askingCall(message, incoming, era, target)
      : {}),
  };
};
