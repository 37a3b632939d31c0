/** Texts from a client, as they may be quoted to it or kept. */

/** Finds keys in a text; for redaction, so it does not look at checksums. */
export const keyText = /cvxmcp_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/g;

/** Replaces anything that looks like a key of ours. */
export const withoutKeys = (text: string): string => text.replace(keyText, "[redacted]");

/** At most `length` characters of a well-formed text, never half a surrogate pair: Convex stores none and JSON has no form for it. */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

/** The beginning of a text, without keys. They go first: half a key would not be recognised as one. */
export const quoted = (text: string, length: number): string => cut(withoutKeys(text), length);

/** Whether a text has more than `limit` bytes in UTF-8, which is what Convex counts. */
export const isLongerThan = (text: string, limit: number): boolean =>
  text.length > limit / 3 && new TextEncoder().encode(text).length > limit;
