/** Texts from a client, as they may be quoted to it or kept. */
import { keyText } from "./keys/format";

/** Replaces anything that looks like a key of ours. */
export const withoutKeys = (text: string): string => text.replace(keyText, "[redacted]");

/** At most `length` characters of a well-formed text, never half a surrogate pair: Convex stores none and JSON has no form for it. */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

/** The beginning of a text, without keys. They go first: half a key would not be recognised as one. */
export const quoted = (text: string, length: number): string => cut(withoutKeys(text), length);
