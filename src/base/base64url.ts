/** Base64 as it fits a URL (RFC 4648 section 5), without padding. */
import { Base64 } from "convex/values";

/** The UTF-8 of a text in base64url. */
export const toBase64Url = (text: string): string =>
  Base64.fromByteArrayUrlSafeNoPadding(new TextEncoder().encode(text));

/**
 * The text that `toBase64Url` encoded.
 *
 * @throws Error if `encoded` is not base64url.
 */
export const fromBase64Url = (encoded: string): string => {
  const base64 = encoded.replaceAll("-", "+").replaceAll("_", "/");
  // Convex's decoder wants the padding that its encoder leaves out.
  const padded = base64.padEnd(Math.ceil(base64.length / 4) * 4, "=");
  return new TextDecoder().decode(Base64.toByteArray(padded));
};
