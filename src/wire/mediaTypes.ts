/** Reads media types: that of a body, and those that a client accepts. */
import { ErrorCode, RpcError } from "./jsonrpc";

interface MediaType {
  /** Type and subtype, such as `text/html`, in lower case. */
  readonly name: string;
  /** Names in lower case, values as they are meant: without quotes and backslashes. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** All are sticky: they match at `lastIndex`, and nothing is read twice. */
const NAME = /[ \t]*([!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+)/y;
const PARAMETER =
  /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*)"))?/y;
const END = /[ \t]*$/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/**
 * A media type or media range.
 *
 * @returns undefined if `text` is none.
 * @see RFC 9110 section 8.3.1 (media-type), section 5.6.6 (parameters)
 */
export const parseMediaType = (text: string): MediaType | undefined => {
  const [whole = "", name] = matchAt(NAME, text, 0) ?? [];
  if (name === undefined) return undefined;
  const parameters: [string, string][] = [];
  let at = whole.length;
  for (let one = matchAt(PARAMETER, text, at); one !== null; one = matchAt(PARAMETER, text, at)) {
    const [read, parameter, token, quoted = ""] = one;
    at += read.length;
    if (parameter !== undefined)
      parameters.push([parameter.toLowerCase(), token ?? quoted.replace(/\\(.)/g, "$1")]);
  }
  return matchAt(END, text, at) === null ? undefined : { name: name.toLowerCase(), parameters };
};

/** Whether a Content-Type is JSON in UTF-8. Parameters other than the charset mean nothing (RFC 8259 section 11). */
export const isJson = (contentType: string): boolean => {
  const { name, parameters = [] } = parseMediaType(contentType) ?? {};
  return (
    name === "application/json" &&
    parameters.every(([one, value]) => one !== "charset" || value.toLowerCase() === "utf-8")
  );
};

/** One element of a list. A comma in a quoted string ends none. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;

const isRefused = ({ parameters }: MediaType): boolean =>
  parameters.some(([name, value]) => name === "q" && /^0(\.0*)?$/.test(value));

/** Whether the Accept header lists one of `names`, with a quality above 0. Without the header it lists `*`/`*`. */
const lists = (headers: Headers, names: readonly string[]): boolean =>
  ((headers.get("accept") ?? "*/*").match(ELEMENT) ?? []).some((element) => {
    // Most clients write no more than the name.
    if (names.includes(element)) return true;
    const range = parseMediaType(element);
    return range !== undefined && names.includes(range.name) && !isRefused(range);
  });

/** Whether the Accept header names `type` itself. A range with a star does not count. */
export const asksFor = (headers: Headers, type: string): boolean => lists(headers, [type]);

/**
 * Whether the Accept header allows `type`. Without the header every type is allowed (RFC 9110 section 12.5.1). A type with the
 * quality 0 is not allowed; other qualities are not compared. What is no media range is passed over.
 */
export const accepts = (headers: Headers, type: string): boolean =>
  lists(headers, ["*/*", `${type.split("/")[0] ?? ""}/*`, type]);

/** Whether the client accepts an event stream. */
export const acceptsStream = (headers: Headers): boolean => accepts(headers, "text/event-stream");

/**
 * Checks that the client accepts JSON or event streams.
 *
 * @throws RpcError 406 if it accepts neither.
 */
export const checkAccept = (headers: Headers): void => {
  if (accepts(headers, "application/json") || acceptsStream(headers)) return;
  throw new RpcError(406, "Accept must include application/json or text/event-stream", {
    status: 406,
  });
};

/**
 * Checks that the client accepts event streams, for a method that always answers with one.
 *
 * @throws RpcError -32600 (HTTP 406) if it does not. The message names `method`.
 */
export const checkAcceptsStream = (headers: Headers, method: string): void => {
  if (acceptsStream(headers)) return;
  throw new RpcError(
    ErrorCode.InvalidRequest,
    `Accept must include text/event-stream: ${method} answers with a stream`,
    { status: 406 },
  );
};
