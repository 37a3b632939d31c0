/** At most `length` characters of a well-formed text, never half a surrogate pair: Convex stores none and JSON has no form for it. */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
