/**
 * Reads headers that were sent more than once. Their values arrive joined by commas (RFC 9110 section 5.3), and a comma may also be
 * part of a value.
 */
import { ErrorCode, RpcError } from "./jsonrpc";

/** The values that a header may stand for: the whole text, and each value that gives the whole text when it is repeated. */
export const readingsOf = (value: string): readonly string[] => {
  if (!value.includes(",")) return [value];
  const pieces = value.split(",");
  const trimmed = pieces.map((piece) => piece.trim());
  const readings = [value];
  for (let length = 1; length <= pieces.length / 2; length++) {
    // Only the few divisors are looked at further: a header may hold thousands of commas.
    if (pieces.length % length !== 0) continue;
    if (trimmed.every((piece, at) => piece === trimmed[at % length]))
      readings.push(pieces.slice(0, length).join(",").trim());
  }
  return readings;
};

/**
 * The value of a header whose values hold no commas; null without the header. Equal values count as one.
 *
 * @throws RpcError -32600 (HTTP 400) that names the header, if its values differ.
 */
export const onceIn = (headers: Headers, name: string): string | null => {
  const value = headers.get(name);
  if (!value?.includes(",")) return value;
  const one = readingsOf(value).find((reading) => !reading.includes(","));
  if (one !== undefined) return one;
  throw new RpcError(
    ErrorCode.InvalidRequest,
    `Invalid Request: the header ${name} was sent more than once, with different values`,
    { status: 400 },
  );
};
