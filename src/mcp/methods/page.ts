/** Cuts lists into pages (MCP pagination), the same way for every list of the server. */
import { ErrorCode, RpcError } from "../../wire/jsonrpc";

/** Items per page. Many clients never ask for a second page, so the first one must hold nearly everything. */
const PAGE_SIZE = 250;

const badCursor = () =>
  new RpcError(ErrorCode.InvalidParams, 'Invalid params: "cursor" was not issued by this server');

/** A cursor is a name in base64. The name is encoded first: btoa takes bytes only, and a URI may hold other characters. */
const cursorOf = (name: string): string => btoa(encodeURIComponent(name));

/** The name in a cursor; undefined if `cursorOf` has not made it. */
const nameIn = (cursor: string): string | undefined => {
  try {
    const name = decodeURIComponent(atob(cursor));
    return cursorOf(name) === cursor ? name : undefined;
  } catch {
    return undefined;
  }
};

/** The position after the item that the cursor names. A cursor gives no rights: it can only name an item that the caller may see. */
const positionOf = <Item>(
  visible: readonly Item[],
  nameOf: (item: Item) => string,
  cursor: unknown,
): number => {
  // Models send null or "" for what they leave out.
  if (cursor === undefined || cursor === null || cursor === "") return 0;
  const name = typeof cursor === "string" && cursor.length <= 4096 ? nameIn(cursor) : undefined;
  const position = visible.findIndex((item) => nameOf(item) === name) + 1;
  if (position === 0) throw badCursor();
  return position;
};

/**
 * One page of the items that the caller may see, in their order: at most 250 items.
 *
 * @param nameOf - the unique name of an item.
 * @param cursor - the client's cursor, not checked; undefined for the first page.
 * @throws RpcError -32602 for a cursor that names no item of the list.
 */
export const paginate = <Item>(
  visible: readonly Item[],
  nameOf: (item: Item) => string,
  cursor: unknown,
): { items: readonly Item[]; nextCursor?: string } => {
  const start = positionOf(visible, nameOf, cursor);
  const items = visible.slice(start, start + PAGE_SIZE);
  const last = items.at(-1);
  return start + PAGE_SIZE < visible.length && last !== undefined
    ? { items, nextCursor: cursorOf(nameOf(last)) }
    : { items };
};
