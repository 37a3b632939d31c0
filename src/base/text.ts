/** Prepares texts from a client so that they are safe to quote back or to store. */

/** Finds API keys in a text. It is for redaction, so it does not look at checksums. */
export const keyText = /cvxmcp_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/g;

/** The text with `[redacted]` in place of everything that looks like an API key of this server. */
export const withoutKeys = (text: string): string => text.replace(keyText, "[redacted]");

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

/** Whether a text has more than `limit` bytes in UTF-8. Convex counts bytes, not characters. */
export const isLongerThan = (text: string, limit: number): boolean =>
  text.length > limit / 3 && new TextEncoder().encode(text).length > limit;
