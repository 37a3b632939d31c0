/** Cursors of lists. A cursor is a position in one list of one tenant. In any other list it is refused. */
import { Base64 } from "convex/values";
import { isCursorError, openText, sealText } from "../../src/entry/functions";
import { fail } from "./fail";

/** Identifies a list: the function, the tenant and every argument that changes which rows are in the list. */
export type Scope = readonly (string | undefined)[];

const badCursor = () =>
  fail(
    "bad_cursor",
    "This cursor is not from the page before this one. Send `nextCursor` unchanged and with the same other arguments, " +
      "or leave the cursor out to start again.",
  );

/** Of two lists of members, none is the beginning of the other as JSON text: so a position of one list is none of another. */
const purposeOf = (scope: Scope): string => `cursor:${JSON.stringify(scope)}`;

const toBase64 = (text: string): string => Base64.fromByteArray(new TextEncoder().encode(text));

/** The cursor for a position in a list, as base64 text. It is sealed with a secret of the deployment. */
export const encodeCursor = async (scope: Scope, position: string): Promise<string> =>
  toBase64(await sealText(purposeOf(scope), position));

/**
 * The position in a cursor.
 *
 * @throws ConvexError `bad_cursor` unless `encodeCursor` made the cursor for the same `scope`.
 */
export const decodeCursor = async (scope: Scope, cursor: string): Promise<string> => {
  let text: string;
  try {
    // Not `fatal`: Convex's decoder then returns undefined and does not throw. The seal finds bad bytes.
    text = new TextDecoder().decode(Base64.toByteArray(cursor));
  } catch {
    return badCursor();
  }
  const position = await openText(purposeOf(scope), text);
  // The decoder also takes other spellings of the same bytes.
  return position === undefined || toBase64(text) !== cursor ? badCursor() : position;
};

/**
 * Runs `read`, which reads from `position` on; null means the start. A good position becomes a wrong one for Convex when the index or the
 * filter of the list changes.
 *
 * @throws ConvexError `bad_cursor` if Convex does not take the position. Any other error is passed on.
 */
export const readFrom = async <T>(position: string | null, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (position !== null && isCursorError(error)) return badCursor();
    throw error;
  }
};
