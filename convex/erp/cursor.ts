/** Cursors of lists. A cursor is a position in one list of one tenant. In any other list it is refused. */
import { Base64 } from "convex/values";
import { fail } from "./fail";

/** Identifies a list: the function, the tenant and every argument that changes which rows are in the list. */
export type Scope = readonly (string | undefined)[];

const badCursor = () =>
  fail(
    "bad_cursor",
    "This cursor is not from the page before this one. Send `nextCursor` unchanged and with the same other arguments, " +
      "or leave the cursor out to start again.",
  );

/** A checksum that ties a position to its list. It is no secret: the index range decides which rows a list shows, never the cursor. */
const seal = async (scope: Scope, position: string): Promise<string> => {
  const bytes = new TextEncoder().encode(JSON.stringify([scope, position]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Base64.fromByteArray(hash.slice(0, 12));
};

/** The cursor for a position in a list, as base64 text. */
export const encodeCursor = async (scope: Scope, position: string): Promise<string> =>
  Base64.fromByteArray(new TextEncoder().encode((await seal(scope, position)) + position));

/**
 * The position in a cursor.
 *
 * @throws ConvexError `bad_cursor` unless `encodeCursor` made the cursor for the same `scope`.
 */
export const decodeCursor = async (scope: Scope, cursor: string): Promise<string> => {
  let text: string;
  try {
    // Not `fatal`: Convex's decoder then returns undefined and does not throw. The checksum finds bad bytes.
    text = new TextDecoder().decode(Base64.toByteArray(cursor));
  } catch {
    return badCursor();
  }
  const position = text.slice(16);
  return (await seal(scope, position)) === text.slice(0, 16) ? position : badCursor();
};

/**
 * Runs `read`, which reads from `position` on; null means the start. A position can become invalid, for example when the index of the
 * list changes.
 *
 * @throws ConvexError `bad_cursor` if `read` fails at a position. A failure at the start is passed on.
 */
export const readFrom = async <T>(position: string | null, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (position === null) throw error;
    return badCursor();
  }
};
