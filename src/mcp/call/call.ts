/** Reads the call that a message asks the gate to admit, from its body and headers. */
import { quoted } from "../../base/text";
import type { Call, Target } from "../../data/call";
import { find } from "../../registry/entries";
import { findTarget } from "../../registry/registry";
import type { Toolgate } from "../../registry/toolgate";
import { isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era, Incoming, Method } from "../exchange";
import { CLIENT_INFO_KEY } from "../revision/meta";
import { askingCall } from "./input";
import { traceparentOf } from "./trace";

/** A hint for the audit log: the client's name and version, or its User-Agent. At most 128 characters, not verified. */
export const clientOf = (params: Params, headers: Headers): Pick<Call, "client"> => {
  const meta = isObject(params._meta) ? params._meta[CLIENT_INFO_KEY] : undefined;
  const info = meta ?? params.clientInfo;
  const name = isObject(info)
    ? [info.name, info.version].filter((part) => typeof part === "string").join(" ")
    : "";
  const client = quoted(name === "" ? (headers.get("user-agent") ?? "") : name, 128);
  return client === "" ? {} : { client };
};

/** Marks a message that counts as a fraction of a request. A client's answer is none: it continues a call. */
const minorOf = ({ id, response }: JsonRpcMessage, isMinor = false): Pick<Call, "minor"> => {
  if (id === undefined && response === undefined) return { minor: "notification" };
  return isMinor ? { minor: "handshake" } : {};
};

/** Whether the entry that a call names may ask. A tool is looked up by itself, since most calls name one. */
const asksIn = (app: Toolgate, target: Target): boolean =>
  (target.kind === "tool" ? find(app.tools, target.name) : findTarget(app, target))?.input === true;

/**
 * The call that a message makes. A notification names no entry and runs nothing, since its sender could not learn the outcome.
 *
 * @throws RpcError -32602 for a call without a name, for arguments that are not an object, for a bad filter, for a malformed
 * idempotency key, and for answers or a `requestState` of the wrong type. -32600 (HTTP 406) if a method that streams meets a client
 * that takes no stream.
 */
export const callOf = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
  { asks, mayAsk, minor }: Method = {},
): Promise<Call> => {
  const asked = (message.id === undefined ? undefined : await asks?.(message, incoming, era)) ?? {};
  const { target } = asked;
  // Answers are checked for every entry, so that the reply does not reveal whether an entry may ask.
  const mayBeAsked = mayAsk === true && target !== undefined && asksIn(incoming.app, target);
  const traceparent = traceparentOf(message, incoming.request.headers);
  const returns = "inputResponses" in message.params || "requestState" in message.params;
  return {
    method: message.method,
    protocol: era.version,
    receivedAt: incoming.receivedAt,
    ...clientOf(message.params, incoming.request.headers),
    ...minorOf(message, minor),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(mayAsk === true && target !== undefined && (returns || mayBeAsked)
      ? await askingCall(message, incoming, era, target, mayBeAsked)
      : {}),
    // Last, since the call of a job says better when it ends.
    ...asked,
  };
};
