/**
 * Headers that repeat what the body says, for those on the way who do not read bodies.
 *
 * @see MCP 2026-07-28 basic/transports/streamable-http, "Standard Headers" and "Custom Headers"
 */
import { quoted } from "../../base/text";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";

/** What may stand in a header as it is ("Value Encoding"). */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** Decodes the header form of values that are no plain ASCII, `=?base64?…?=`; undefined if it is malformed. */
const decodeHeader = (value: string): string | undefined => {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return PLAIN.test(value) ? value : undefined;
  try {
    const binary = atob(encoded);
    if (btoa(binary) !== encoded) return undefined;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(binary, (char) => char.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
};

/** `42.0` is 42; no other form of a number is one. */
const INTEGER = /^-?\d+(\.0+)?$/;

const isSame = (text: string, expected: string | number | boolean): boolean =>
  typeof expected === "number"
    ? INTEGER.test(text) && Number(text) === expected && Number.isSafeInteger(expected)
    : text === String(expected);

/** What is wrong with a header that must repeat `expected`; undefined if nothing is. Numbers are compared as numbers. */
export const headerFault = (
  headers: Headers,
  name: string,
  expected: string | number | boolean,
): string | undefined => {
  const value = headers.get(name);
  const decoded = value === null ? undefined : decodeHeader(value);
  if (decoded !== undefined && isSame(decoded, expected)) return undefined;
  const said = JSON.stringify(quoted(String(expected), 64));
  return value === null
    ? `Header ${name} is missing; the body says ${said}`
    : `Header ${name} does not match the body, which says ${said}`;
};

/** @throws RpcError -32020 (HTTP 400) */
export const requireHeader = (headers: Headers, name: string, expected: string): void => {
  const fault = headerFault(headers, name, expected);
  if (fault !== undefined) throw new RpcError(ErrorCode.HeaderMismatch, fault, { status: 400 });
};
