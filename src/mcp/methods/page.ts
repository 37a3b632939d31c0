/** Pages of lists (MCP pagination): every list of the server is cut the same way. */
import { ErrorCode, RpcError } from "../../wire/jsonrpc";

/** Many clients never ask for a second page: what is not on the first is lost to them. */
const PAGE_SIZE = 250;

const badCursor = () =>
  new RpcError(ErrorCode.InvalidParams, 'Invalid params: "cursor" was not issued by this server');

/** btoa takes bytes, and a URI may hold more. */
const cursorOf = (name: string): string => btoa(encodeURIComponent(name));

/** What `cursorOf` was given; undefined if the cursor does not come from there. */
const nameIn = (cursor: string): string | undefined => {
  try {
    const name = decodeURIComponent(atob(cursor));
    return cursorOf(name) === cursor ? name : undefined;
  } catch {
    return undefined;
  }
};

/** The position after the item that the cursor names. It carries no authority, and names nothing that the caller may not see. */
const positionOf = <Item>(
  visible: readonly Item[],
  nameOf: (item: Item) => string,
  cursor: unknown,
): number => {
  if (cursor === undefined) return 0;
  const name = typeof cursor === "string" && cursor.length <= 4096 ? nameIn(cursor) : undefined;
  const position = visible.findIndex((item) => nameOf(item) === name) + 1;
  if (position === 0) throw badCursor();
  return position;
};

/**
 * One page of what the caller may see, in its order.
 *
 * @param nameOf - what tells the items apart.
 * @throws RpcError -32602 for a cursor that names none of them.
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
