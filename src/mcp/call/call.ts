/** Reads the call that a message asks the gate to admit, from its body and headers. */
import { defined } from "../../base/defined";
import { quoted } from "../../base/text";
import type { Call, Target } from "../../data/call";
import { find } from "../../registry/entries";
import { JOB_TOOL } from "../../registry/jobTools";
import { findTarget } from "../../registry/registry";
import type { Toolgate } from "../../registry/toolgate";
import { isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era, Incoming, Method } from "../exchange";
import { CLIENT_INFO_KEY } from "../revision/meta";
import { askingCall } from "./input";
import { traceparentOf } from "./trace";

/** A hint for the audit log: the client's name and version, or its User-Agent. At most 128 characters, not verified. */
export const clientOf = (params: Params, headers: Headers): string | undefined => {
  const meta = isObject(params._meta) ? params._meta[CLIENT_INFO_KEY] : undefined;
  const info = meta ?? params.clientInfo;
  const name = isObject(info)
    ? [info.name, info.version].filter((part) => typeof part === "string").join(" ")
    : "";
  const client = quoted(name === "" ? (headers.get("user-agent") ?? "") : name, 128);
  return client === "" ? undefined : client;
};

/** Marks a message that counts as a fraction of a request. A client's answer is none: it continues a call. */
const minorOf = ({ id, response }: JsonRpcMessage, isMinor = false): Call["minor"] => {
  if (id === undefined && response === undefined) return "notification";
  return isMinor ? "handshake" : undefined;
};

/**
 * Whether the entry that a call names may ask. A tool is looked up by itself, since most calls name one. The one that shows a job asks what
 * the job asks.
 */
const asksIn = (app: Toolgate, target: Target): boolean =>
  target.kind === "tool"
    ? target.name === JOB_TOOL || find(app.tools, target.name)?.input === true
    : findTarget(app, target)?.input === true;

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
  const { params } = message;
  const { headers } = incoming.request;
  const asked = message.id === undefined ? undefined : await asks?.(message, incoming, era);
  const call: Call = {
    method: message.method,
    protocol: era.version,
    receivedAt: incoming.receivedAt,
    client: clientOf(params, headers),
    minor: minorOf(message, minor),
    traceparent: traceparentOf(message, headers),
    ...asked,
  };
  const { target } = call;
  if (mayAsk !== true || target === undefined) return call;
  // Answers are checked for every entry, so that the reply does not reveal whether an entry may ask.
  const mayBeAsked = asksIn(incoming.app, target);
  if (!mayBeAsked && !("inputResponses" in params || "requestState" in params)) return call;
  const asking = await askingCall(message, incoming, era, target, mayBeAsked);
  // The call of a job says better when it ends.
  return { ...asking, ...defined(call) };
};
