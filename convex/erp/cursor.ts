/** What callers see as a cursor: a position in one list of one tenant, useless anywhere else. */
import { Base64 } from "convex/values";
import { fail } from "./fail";

/** Names a list: the function, the tenant and every argument that changes what is in the list. */
export type Scope = readonly (string | undefined)[];

const badCursor = () =>
  fail(
    "bad_cursor",
    "This cursor is not from the page before this one. Send `nextCursor` unchanged and with the same other arguments, " +
      "or leave the cursor out to start again.",
  );

/** Ties a position to its list. Not a secret: what a list may show is decided by its index range, never by a cursor. */
const seal = async (scope: Scope, position: string): Promise<string> => {
  const bytes = new TextEncoder().encode(JSON.stringify([scope, position]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Base64.fromByteArray(hash.slice(0, 12));
};

/** The cursor for a position in a list. */
export const encodeCursor = async (scope: Scope, position: string): Promise<string> =>
  Base64.fromByteArray(new TextEncoder().encode((await seal(scope, position)) + position));

/**
 * The position in a cursor made by `encodeCursor` for the same list.
 *
 * @throws ConvexError `bad_cursor` for anything else.
 */
export const decodeCursor = async (scope: Scope, cursor: string): Promise<string> => {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(Base64.toByteArray(cursor));
  } catch {
    return badCursor();
  }
  const position = text.slice(16);
  return (await seal(scope, position)) === text.slice(0, 16) ? position : badCursor();
};

/** Runs `read` and says `bad_cursor` if it cannot go on from `position`, as when the list's index changed since. */
export const readFrom = async <T>(position: string | null, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (position === null) throw error;
    return badCursor();
  }
};
