/**
 * The parent of a call in the client's trace. It is kept in the audit log and goes no further.
 *
 * @see W3C Trace Context, "traceparent Header Field Values"; MCP SEP-414 (`params._meta.traceparent`)
 */
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";

/** Version, trace id, parent id and flags. Neither id may be all zeros. A version after 00 may have more behind the flags. */
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The length of the part that is kept. */
const LENGTH = 55;

const valid = (value: unknown): string | undefined => {
  if (typeof value !== "string") return undefined;
  const [, version, more] = FORM.exec(value) ?? [];
  if (version === undefined || (version === "00" && more !== undefined)) return undefined;
  return value.slice(0, LENGTH);
};

/** Reads it from `_meta`, or else from the header. Undefined if neither is well formed: a bad one counts as none. */
export const traceparentOf = (
  { params: { _meta: meta } }: JsonRpcMessage,
  headers: Headers,
): string | undefined =>
  valid(isObject(meta) ? meta.traceparent : undefined) ?? valid(headers.get("traceparent"));
