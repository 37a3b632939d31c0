/**
 * A call in the client's trace: its parent, and the line in the log that tells of it as a span.
 *
 * @see W3C Trace Context, "traceparent Header Field Values"; MCP SEP-414 (`params._meta.traceparent`); OpenTelemetry semantic
 * conventions for MCP (open-telemetry/semantic-conventions-genai v0.1)
 */
import { quoted } from "../../base/text";
import type { Call } from "../../data/call";
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";
import type { Reply } from "../exchange";

/** Version, trace id, parent id and flags. Neither id may be all zeros. A version after 00 may have more behind the flags. */
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The length of the part that is kept. */
const LENGTH = 55;

/** Reads it from `_meta`, or else from the header. Undefined if neither is well formed: a bad one counts as none. */
export const traceparentOf = (
  { params: { _meta: meta } }: Pick<JsonRpcMessage, "params">,
  headers: Headers,
): string | undefined => {
  for (const value of [isObject(meta) ? meta.traceparent : "", headers.get("traceparent")]) {
    if (typeof value !== "string") continue;
    const [, version, more] = FORM.exec(value) ?? [];
    if (version !== undefined && (version !== "00" || more === undefined))
      return value.slice(0, LENGTH);
  }
  return undefined;
};

/** Control characters and others that cannot be seen, which could turn or hide parts of a line. */
const unseen = (): RegExp => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes a name of the client's fit for the log; undefined for anything but a text or a number. */
const cleaned = (name: unknown): string | undefined =>
  typeof name === "string" || typeof name === "number"
    ? quoted(String(name).replace(unseen(), ""), 128)
    : undefined;

/** A request that has been answered. `call` and `operation` are absent if it was refused before the admission. */
export interface Traced {
  readonly message: Pick<JsonRpcMessage, "method" | "params" | "id">;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
  readonly operation?: string | undefined;
  readonly call: Partial<Pick<Call, "protocol" | "traceparent">>;
}

/**
 * Logs a request as one line of JSON, of which a log stream can make a span. It has no arguments, results or texts of errors, and
 * no name is longer than 128 characters. With TOOLGATE_CALL_LOG=off it logs nothing.
 *
 * A call without a parent begins a trace: its id is the operation of the call, without dashes.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md
 */
export const logCall = (
  { message, receivedAt, operation = crypto.randomUUID(), call }: Traced,
  { error }: Reply,
): void => {
  if (process.env.TOOLGATE_CALL_LOG === "off") return;
  const { id, params } = message;
  const method = cleaned(message.method);
  const name = cleaned(params.name);
  const isTool = method === "tools/call";
  const isNamed = name !== undefined && (isTool || method === "prompts/get");
  const ownId = operation.replaceAll("-", "");
  const [, traceId = ownId, parentId] = call.traceparent?.split("-") ?? [];
  const line = JSON.stringify({
    ...{ name: isNamed ? `${method} ${name}` : method, kind: "SERVER" },
    ...{ trace_id: traceId, span_id: ownId.slice(16), parent_span_id: parentId },
    start_time: new Date(receivedAt).toISOString(),
    duration_ms: Date.now() - receivedAt,
    "toolgate.operation": operation,
    "mcp.method.name": method,
    "mcp.protocol.version": call.protocol,
    "mcp.resource.uri": method === "resources/read" ? cleaned(params.uri) : undefined,
    "gen_ai.operation.name": isTool ? "execute_tool" : undefined,
    "gen_ai.tool.name": isTool ? name : undefined,
    "gen_ai.prompt.name": isNamed && !isTool ? name : undefined,
    "jsonrpc.request.id": cleaned(id),
    "rpc.response.status_code": error === "tool_error" ? undefined : error,
    "error.type": error,
  });
  console.log(line);
};
