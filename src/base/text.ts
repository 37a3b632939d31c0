/** Prepares texts from a client so that they are safe to quote back or to store. */
import { secretsIn } from "./secretText";

/**
 * The text with `[redacted]` in place of everything that looks like an API key of this server, also a broken or an encoded one, or that is
 * as random as one. A key that is broken up by other signs than spaces and underscores is not found.
 */
export const withoutKeys = (text: string): string => {
  let rest = 0;
  let kept = "";
  for (const [from, to] of secretsIn(text)) {
    kept += `${text.slice(rest, from)}[redacted]`;
    rest = to;
  }
  return kept + text.slice(rest);
};

/**
 * The first `length` characters of a well-formed text. It never ends in half a surrogate pair, which Convex does not store and JSON
 * cannot express.
 */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

/**
 * The first `length` characters of a text, without API keys. Keys are replaced before the cut, since half a key is not recognised as
 * one.
 */
export const quoted = (text: string, length: number): string => cut(withoutKeys(text), length);

/** The bytes of a text in UTF-8. Convex counts bytes, not characters. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Whether a text has more than `limit` bytes in UTF-8. */
export const isLongerThan = (text: string, limit: number): boolean =>
  text.length > limit / 3 && bytesOf(text) > limit;
