/** Returns lists page by page. */
import type { DocumentByInfo, GenericTableInfo, OrderedQuery } from "convex/server";
import * as z from "zod";
import { decodeCursor, encodeCursor, readFrom, type Scope } from "./cursor";

/** The most items of a page. So many of the longest stay below the 48,000 characters that a result may have. */
const MAX_PAGE = 50;

/** The arguments of every list. */
export const pageArgs = {
  // Not empty: "" in place of nothing is then taken as nothing.
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe(
      "The `nextCursor` of the page before, all else the same. Leave out for the first page.",
    ),
  limit: z.int().min(1).max(MAX_PAGE).default(20).describe("Items on a page."),
};

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** The result schema of every list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .describe("Send it as `cursor` for the next page; null at the end."),
  });

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
  { cursor, limit }: PageRequest,
  scope: Scope,
): Promise<Page<DocumentByInfo<Table>>> => {
  const position = cursor === undefined ? null : await decodeCursor(scope, cursor);
  const { page, isDone, continueCursor } = await readFrom(position, () =>
    query.paginate({ cursor: position, numItems: limit }),
  );
  return { items: page, nextCursor: isDone ? null : await encodeCursor(scope, continueCursor) };
};
