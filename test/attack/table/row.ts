/** One row of the table of bad requests, and what rows are made of. */
import { bearer, jsonHeaders } from "../../support/gate";
import { CAPABILITIES_KEY, MODERN, modernHeaders, VERSION_KEY } from "../../support/speak";

export interface Row {
  /** What is wrong, for people. */
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Bytes and texts are sent as they are, all else as JSON. */
  readonly body?: unknown;
  /** What the message must name. */
  readonly names?: string;
  /** It is answered alike without a key: it is refused before anybody asks for one, or needs none. */
  readonly keyless?: true;
  /** The protocol lets it pass, or what is meant is clear. Then it must only not fail. */
  readonly mayPass?: true;
}

export type Value = string | number | boolean | null | readonly unknown[] | object;

/** A name of each kind that every object inherits. */
export const INHERITED = ["toString", "constructor", "hasOwnProperty", "valueOf"];

/** Member names that Convex, JSON or JavaScript treat in ways of their own. `__proto__` needs JSON of its own. */
export const ODD_NAMES = [
  "",
  " ",
  "ä",
  "$x",
  "$integer",
  "_id",
  "a.b",
  "a/b",
  "\u0000",
  "x".repeat(2000),
];

/** A value of every JSON type, and some at the edge of theirs. */
export const VALUES: readonly Value[] = [
  ...[null, true, 0, 1.5, 2 ** 53 + 2, 1e308, "", "x", "toString", "x".repeat(5000)],
  ...[[], [null], {}, { toString: 1 }, { $integer: "AAAAAAAAAAA=" }],
];

export const show = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 50)}… (${text.length})` : text;
};

/** A request of a 2025 revision. */
export const legacy = (method: unknown, params?: unknown, more: object = {}): Partial<Row> => ({
  headers: { "mcp-protocol-version": "2025-11-25" },
  body: { jsonrpc: "2.0", id: 1, method, ...(params === undefined ? {} : { params }), ...more },
});

const META = { [VERSION_KEY]: MODERN, [CAPABILITIES_KEY]: {} };

/** A header that can hold any text, as 2026-07-28 encodes it. */
const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) && text.trim() === text && !text.startsWith("=?")
    ? text
    : `=?base64?${Buffer.from(text).toString("base64")}?=`;

/** A request of 2026-07-28, with the headers that repeat it. */
export const modern = (method: string, params: object = {}, meta: unknown = META): Partial<Row> => {
  const { name, uri, taskId } = params as Record<string, unknown>;
  const named = [name, uri, taskId].find((one): one is string => typeof one === "string");
  return {
    headers: modernHeaders(method, named === undefined ? undefined : encoded(named)),
    body: { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } },
  };
};

export const metaWith = (more: object): object => ({ ...META, ...more });

const NO_BODY = ["GET", "HEAD"];

/** The row as `fetch` takes it. Bytes, since `fetch` would give a text a Content-Type. */
export const initOf = (row: Row, key: string | undefined): RequestInit => {
  const { method = "POST", headers = {}, body = { jsonrpc: "2.0", id: 1, method: "ping" } } = row;
  const all: NonNullable<Row["headers"]> = {
    ...jsonHeaders,
    ...(key === undefined ? {} : bearer(key)),
    ...headers,
  };
  const sent = Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  return {
    ...{ method, headers: Object.fromEntries(sent) },
    ...(NO_BODY.includes(method) ? {} : { body: bytes as Uint8Array<ArrayBuffer> }),
  };
};
