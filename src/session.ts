/**
 * Sessions of 2025 clients. Nothing is kept for one: its id, which the client repeats, only tells its request ids from those of
 * other clients with the same key. A client that repeats none is served all the same.
 */

const SESSION_HEADER = "Mcp-Session-Id";

/** The headers of a reply to `initialize`. */
export const newSession = (): Record<string, string> => ({ [SESSION_HEADER]: crypto.randomUUID() });

/** The session that a request belongs to; undefined if it names none, or one that cannot be ours. */
export const sessionOf = (headers: Headers): string | undefined => {
  const session = headers.get(SESSION_HEADER) ?? "";
  return /^[\da-f-]{36}$/.test(session) ? session : undefined;
};
