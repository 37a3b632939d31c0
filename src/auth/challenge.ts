/** The challenges of a 401 (RFC 6750). */

export const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="mcp"' };
/** The challenge for a key that is not, or no longer, good. */
export const INVALID_KEY = { "WWW-Authenticate": 'Bearer realm="mcp", error="invalid_token"' };
