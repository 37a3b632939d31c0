/** Lists, a page at a time. */
import type { DocumentByInfo, GenericTableInfo, OrderedQuery } from "convex/server";
import * as z from "zod";
import { decodeCursor, encodeCursor, readFrom, type Scope } from "./cursor";

/** The arguments of every list. */
export const pageArgs = {
  cursor: z
    .string()
    .max(4096)
    .optional()
    .describe(
      "Leave out for the first page. For the next page: `nextCursor` of the page before, unchanged, together with the same other arguments.",
    ),
  limit: z.int().min(1).max(100).default(20).describe("The most items to return on this page."),
};

interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** What every list returns. */
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
 * One page of an index range. The range must be fixed to the tenant: a cursor only says where in it to go on.
 *
 * @throws ConvexError `bad_cursor`
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

/**
 * One page of rows that were all read. The cursor is an offset.
 *
 * @throws ConvexError `bad_cursor`
 */
export const slice = async <Row>(
  rows: readonly Row[],
  { cursor, limit }: PageRequest,
  scope: Scope,
): Promise<Page<Row>> => {
  const start = cursor === undefined ? 0 : Number(await decodeCursor(scope, cursor));
  const end = start + limit;
  return {
    items: rows.slice(start, end),
    nextCursor: end < rows.length ? await encodeCursor(scope, String(end)) : null,
  };
};
