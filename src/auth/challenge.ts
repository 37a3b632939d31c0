/** The challenges of a 401 (RFC 6750). */

/** The challenge for a request without a key. */
export const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="mcp"' };
/** The challenge for a key or token that is malformed, unknown, wrong, revoked or expired. */
export const INVALID_KEY = { "WWW-Authenticate": 'Bearer realm="mcp", error="invalid_token"' };

/** The one message for a key or token that is malformed, unknown, wrong, revoked or expired. */
export const INVALID_KEY_MESSAGE =
  "Invalid API key or access token. Check the key in the settings of the client, or connect again.";
