/** Makes fingerprints of JSON values. */

/**
 * JSON text with the members of every object in code unit order, so that the same value always gives the same text. This is the part
 * of RFC 8785 that matters for the output of JSON.parse.
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** The SHA-256 of the canonical JSON text of `value`, in lower-case hex. */
export const digest = async (value: unknown): Promise<string> => {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
