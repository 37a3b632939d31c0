/** Strict UTF-8. */

/** The text of `bytes`, a byte order mark included; undefined if they are no valid UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    // Convex's decoder returns undefined where the standard's throws.
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};
