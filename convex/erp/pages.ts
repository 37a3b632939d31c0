/** Returns lists page by page. */
import type { DocumentByInfo, GenericTableInfo, OrderedQuery } from "convex/server";
import { v, type Validator } from "convex/values";
import { field } from "../../src/entry/functions";
import { decodeCursor, encodeCursor, readFrom, type Scope } from "./cursor";

/** The most items of a page. So many of the longest stay below the 48,000 characters that a result may have. */
const MAX_PAGE = 50;

/** How many without a word. */
export const DEFAULT_PAGE = 20;

/** Not empty: "" in place of nothing is then taken as nothing. */
const cursor = field(v.string(), { minLength: 1, maxLength: 4096 });

const limit = field(v.number(), { type: "integer", minimum: 1, maximum: MAX_PAGE });

/** The arguments of every list. */
export const pageArgs = {
  cursor: field(v.optional(cursor), {
    description:
      "The `nextCursor` of the page before, all else the same. Leave out for the first page.",
  }),
  limit: field(v.optional(limit), { default: DEFAULT_PAGE, description: "Items on a page." }),
};

export interface PageRequest {
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** The result of every list. `nextCursor` is null at the end. */
export const pageOf = <Item extends Validator<unknown, "required", string>>(item: Item) =>
  v.object({ items: v.array(item), nextCursor: v.union(v.string(), v.null()) });

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * One page of an index range. The range must be limited to the tenant: a cursor only says where in the range to continue.
 *
 * @param scope - identifies the list.
 * @throws ConvexError `bad_cursor` for a cursor of another list.
 */
export const paginate = async <Table extends GenericTableInfo>(
  query: OrderedQuery<Table>,
  { cursor, limit = DEFAULT_PAGE }: PageRequest,
  scope: Scope,
): Promise<Page<DocumentByInfo<Table>>> => {
  const position = cursor === undefined ? null : await decodeCursor(scope, cursor);
  const { page, isDone, continueCursor } = await readFrom(position, () =>
    query.paginate({ cursor: position, numItems: limit }),
  );
  return { items: page, nextCursor: isDone ? null : await encodeCursor(scope, continueCursor) };
};
