/** The challenges of a 401 (RFC 6750). */

export const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="mcp"' };
/** The challenge for a key that is not valid, or no longer. */
export const INVALID_KEY = { "WWW-Authenticate": 'Bearer realm="mcp", error="invalid_token"' };

/** The one message for a key that is unknown, wrong, revoked or expired. */
export const INVALID_KEY_MESSAGE = "Invalid API key";
