/** What a table of bad requests is made of. */

/** One bad request and the answer it must get. Sent by POST with a good key and good headers, unless the row says otherwise. */
export interface BadRequest {
  readonly what: string;
  /** A text or bytes are sent as they are, anything else as JSON; a good request if left out. */
  readonly body?: unknown;
  /** On top of the good ones; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly path?: string;
  /** HTTP. */
  readonly status: number;
  /** The code of the JSON-RPC error; `isError` for a tool result that says what is wrong. */
  readonly code: number | "isError";
  /** The id that must be echoed. Without it the reply must have none. */
  readonly id?: string | number;
}

/** The request that is spoilt where a row says nothing else. */
export const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

/** How a case looks in the name of its test. */
export const show = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const visible = text.replace(
    /[^ -~]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return visible.length > 60 ? `${visible.slice(0, 57)}…` : visible;
};
