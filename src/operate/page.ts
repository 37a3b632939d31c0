/** Pages of lists for operators. */
import type { DocumentByInfo, GenericTableInfo, OrderedQuery } from "convex/server";
import { v } from "convex/values";
import { refuse } from "../base/refuse";
import { isCursorError } from "../run/paging";

/** The arguments of every list. */
export const pageFields = {
  /** 1 to 200 rows. Default: 50. */
  limit: v.optional(v.number()),
  cursor: v.optional(v.string()),
};

export type PageRequest = { limit?: number; cursor?: string };

const MAX_LIMIT = 200;

/** The most bytes of a page, up to one row more. Rows of jobs have up to 1 MiB, and a transaction reads up to 16 MiB. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The number of rows of a page.
 *
 * @throws ConvexError `invalid_arguments` for one out of range.
 */
export const requireLimit = (limit = 50): number => {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT)) {
    refuse("invalid_arguments", `limit: expected an integer from 1 to ${String(MAX_LIMIT)}`);
  }
  return limit;
};

/**
 * Reads one page of a query. It is shorter than its limit if its rows are very long.
 *
 * @param cursor - the `nextCursor` of the page before; absent for the first page.
 * @returns the rows, and the cursor of the next page; null after the last.
 * @throws ConvexError `invalid_arguments` for a limit out of range, `bad_cursor` for a cursor that Convex does not take.
 */
export const readPage = async <Table extends GenericTableInfo>(
  query: OrderedQuery<Table>,
  { limit, cursor }: PageRequest,
): Promise<{ rows: DocumentByInfo<Table>[]; nextCursor: string | null }> => {
  const numItems = requireLimit(limit);
  const { page, isDone, continueCursor } = await query
    .paginate({ cursor: cursor ?? null, numItems, maximumBytesRead: MAX_BYTES })
    .catch((error: unknown) => {
      if (cursor === undefined || !isCursorError(error)) throw error;
      return refuse("bad_cursor", "cursor: expected nextCursor of the page before");
    });
  return { rows: page, nextCursor: isDone ? null : continueCursor };
};
