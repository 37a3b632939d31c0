/** Pages of lists (MCP pagination): every list of the server is cut the same way. */
import { ErrorCode, RpcError } from "../jsonrpc";

const PAGE_SIZE = 100;

const badCursor = () =>
  new RpcError(ErrorCode.InvalidParams, 'Invalid params: "cursor" was not issued by this server');

/** btoa takes bytes, and a URI may hold more. */
const cursorOf = (name: string): string => btoa(encodeURIComponent(name));

/** The position after the item that the cursor names. It carries no authority, and names nothing that the caller may not see. */
const positionOf = (names: readonly string[], cursor: unknown): number => {
  if (cursor === undefined) return 0;
  if (typeof cursor !== "string" || !/^[\w+/=-]{1,4096}$/.test(cursor)) throw badCursor();
  const position = names.findIndex((name) => cursorOf(name) === cursor) + 1;
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
  const start = positionOf(visible.map(nameOf), cursor);
  const items = visible.slice(start, start + PAGE_SIZE);
  const last = items.at(-1);
  return start + PAGE_SIZE < visible.length && last !== undefined
    ? { items, nextCursor: cursorOf(nameOf(last)) }
    : { items };
};
