/** Reads the answers of the deployment: JSON-RPC results, errors, and answers of a proxy in between. */
import { STOPPED } from "../../src/auth/stop";
import { quoted } from "../../src/base/text";
import { ErrorCode, isObject, type Params } from "../../src/wire/jsonrpc";
import type { Reply } from "./ask";
import { fail, skip, Verdict } from "./finding";

/** The longest quote from an answer, in characters. */
const MAX_QUOTE = 160;

const IN_FRONT =
  "Something in front of the deployment answers in its place: a proxy, a login page, a firewall.";
const IN_LOG = "Look for it in the deployment's log: `npx convex logs`.";

const todos: Readonly<Record<number, string>> = {
  [ErrorCode.HeaderMismatch]:
    "A proxy removes or changes headers: let MCP-Protocol-Version, Mcp-Method and Mcp-Name pass.",
  [ErrorCode.UnsupportedProtocolVersion]: "The deployment is of another version: deploy this one.",
  [ErrorCode.MethodNotFound]: "The deployment is of another version: deploy this one.",
};

/** Returns the media type of an answer in lower case, without parameters; an empty text if there is none. */
export const typeOf = ({ headers }: Reply): string =>
  (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

interface RpcFailure {
  readonly code: number;
  readonly message: string;
}

const errorIn = (body: unknown): RpcFailure | undefined => {
  const error = isObject(body) ? body.error : undefined;
  if (!isObject(error)) return undefined;
  const { code, message } = error;
  return { code: Number(code), message: typeof message === "string" ? message : "no message" };
};

/** Describes an answer for people: the status, and the message of the JSON-RPC error or else the media type. */
export const describe = (reply: Reply): string => {
  const error = errorIn(jsonOf(reply.text));
  const rest = error === undefined ? typeOf(reply) || "no Content-Type" : error.message;
  return `HTTP ${reply.status}, ${quoted(rest, MAX_QUOTE)}`;
};

/**
 * Reads the `result` of a JSON-RPC response.
 *
 * @param body - a parsed message from `reply`.
 * @throws Verdict `fail` if `body` is a JSON-RPC error, or no JSON-RPC response at all.
 */
export const resultIn = (body: unknown, reply: Reply): Params => {
  if (isObject(body) && isObject(body.result)) return body.result;
  const error = errorIn(body);
  if (error === undefined) {
    throw new Verdict(fail(`${describe(reply)}: no JSON-RPC response`, IN_FRONT));
  }
  const seen = `HTTP ${reply.status}, error ${error.code}: ${quoted(error.message, MAX_QUOTE)}`;
  throw new Verdict(fail(seen, todos[error.code] ?? IN_LOG));
};

/** Reads the `result` of a JSON answer. @throws Verdict `fail`, as `resultIn` does. */
export const resultOf = (reply: Reply): Params => resultIn(jsonOf(reply.text), reply);

/** Whether the answer says that the deployment has no pepper. */
export const lacksPepper = ({ status, text }: Reply): boolean =>
  status === 503 && text.includes("TOOLGATE_PEPPERS");

/** Whether the answer says that the operator has stopped all requests. */
export const isStopped = ({ status, text }: Reply): boolean =>
  status === 503 && text.includes(STOPPED.all);

/**
 * Returns the reply to a request with the key, unless the gate refused the key or the rate.
 *
 * @throws Verdict `skip` if it did: the checks `key`, `pepper` and `rate-limit` report that.
 */
export const admitted = <R extends Reply>(reply: R): R => {
  if (lacksPepper(reply)) throw new Verdict(skip("see pepper"));
  if (isStopped(reply)) throw new Verdict(skip("see stop"));
  if (reply.status === 401) throw new Verdict(skip("see key"));
  if (reply.status === 429) throw new Verdict(skip("over a rate limit: see rate-limit"));
  return reply;
};

/** Returns the text of a tool's result, redacted and cut, for people. */
export const textOf = ({ content }: Params): string => {
  const [block] = Array.isArray(content) ? (content as unknown[]) : [];
  return quoted(isObject(block) && typeof block.text === "string" ? block.text : "", MAX_QUOTE);
};
