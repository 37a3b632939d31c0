/**
 * Checks headers that repeat the body, for programs between client and server that do not read bodies.
 *
 * @see MCP 2026-07-28 basic/transports/streamable-http, "Standard Headers" and "Custom Headers"
 */
import { quoted } from "../../base/text";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import { readingsOf } from "../../wire/repeats";
import { decodeUtf8 } from "../../wire/utf8";

/** A value that a header may hold unencoded ("Value Encoding"). */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** Decodes a header value. A value that is not plain ASCII has the form `=?base64?…?=`. Undefined if it is malformed. */
const decodeHeader = (value: string): string | undefined => {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return PLAIN.test(value) ? value : undefined;
  try {
    const binary = atob(encoded);
    if (btoa(binary) !== encoded) return undefined;
    return decodeUtf8(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
};

/** The form of a number in a header. `42.0` is 42; exponents and other forms are not numbers here. */
const INTEGER = /^-?\d+(\.0+)?$/;

/** Whether a header value says what the body says. */
const repeats = (value: string, expected: string | number | boolean): boolean => {
  const text = decodeHeader(value);
  if (text === undefined || typeof expected !== "number") return text === String(expected);
  return INTEGER.test(text) && Number(text) === expected && Number.isSafeInteger(expected);
};

/**
 * The fault of a header that must repeat `expected`, as a sentence for the client; undefined if it does. Numbers are compared as
 * numbers. A header may be sent more than once, with equal values.
 */
export const headerFault = (
  headers: Headers,
  name: string,
  expected: string | number | boolean,
): string | undefined => {
  const value = headers.get(name);
  if (value !== null && readingsOf(value).some((one) => repeats(one, expected))) return undefined;
  const said = JSON.stringify(quoted(String(expected), 64));
  return value === null
    ? `Header ${name} is missing; the body says ${said}`
    : `Header ${name} does not match the body, which says ${said}`;
};

/** The error for a header that does not repeat the body: -32020 (HTTP 400). */
export const headerMismatch = (message: string): RpcError =>
  new RpcError(ErrorCode.HeaderMismatch, message, { status: 400 });

/**
 * Checks a header that must repeat `expected`.
 *
 * @throws RpcError -32020 (HTTP 400) if it does not.
 */
export const requireHeader = (headers: Headers, name: string, expected: string): void => {
  const fault = headerFault(headers, name, expected);
  if (fault !== undefined) throw headerMismatch(fault);
};
