/**
 * Sessions of 2025 clients. Nothing is kept for one: its id, which the client repeats, says what the client can be asked for, and tells
 * its request ids from those of other clients with the same key. A client that repeats none is served all the same.
 */
import type { Pepper } from "../../auth/pepper";
import { seal, unseal } from "../../auth/seal";
import { kindsIn } from "../../asking/request";

const SESSION_HEADER = "Mcp-Session-Id";
const PURPOSE = "session";

export interface Session {
  readonly id: string;
  /** The kinds of requests that the client said it can answer. */
  readonly can: readonly string[];
}

/** The headers of a reply to `initialize`. The id is signed, so that only this server can have said what is in it. */
export const newSession = async (
  peppers: readonly Pepper[],
  capabilities: unknown,
): Promise<Record<string, string>> => {
  const text = [crypto.randomUUID(), ...kindsIn(capabilities)].join("~");
  return { [SESSION_HEADER]: await seal(peppers, PURPOSE, text) };
};

/** The session that a request belongs to; undefined if it names none, or one that is not ours. */
export const sessionOf = async (
  headers: Headers,
  peppers: readonly Pepper[],
): Promise<Session | undefined> => {
  const id = headers.get(SESSION_HEADER);
  const text = id === null || id.length > 256 ? undefined : await unseal(peppers, PURPOSE, id);
  if (id === null || text === undefined) return undefined;
  const [, ...can] = text.split("~");
  return { id, can };
};
