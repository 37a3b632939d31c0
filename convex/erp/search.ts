/**
 * Searches rows by words, to the end. First come the rows that have the whole query as a name, by an index. Then all rows are looked at,
 * the newest first. The database itself leaves out most of those that do not match, by marks that each row has of its words.
 *
 * Convex's own search indexes cannot page to the end: they read 1,024 rows at most, take a beginning only of the last word, and look at
 * 16 words that begin so.
 */
import { decodeCursor, encodeCursor, readFrom, type Scope } from "./cursor";
import type { TenantQueryCtx } from "./functions";
import type { Page, PageRequest } from "./pages";
import type { Searched } from "./searched";
import { matches, queryMarks, queryWords, searchable } from "./textSearch";

/** The most rows that the database looks at for one page. Convex lets a query read 32,000 rows and 16 MiB. */
const MOST_READ = 8000;

interface Row {
  readonly _id: string;
  readonly _creationTime: number;
  readonly searchText: string;
}

/** Where a search goes on: after a row, among those of which the name with this index is the query; or at a cursor of Convex. */
type Position =
  | { readonly name: number; readonly at: number; readonly id: string }
  | { readonly cursor: string | null };

interface Found<R extends Row> {
  readonly rows: R[];
  readonly next: Position | undefined;
}

/** The rows after `id`, of rows that begin with those of its moment. All of them if there is no such row. */
async function* after<R extends Row>(rows: AsyncIterable<R>, id: string | undefined) {
  let isPast = id === undefined;
  for await (const row of rows) {
    if (isPast) yield row;
    isPast ||= row._id === id;
  }
}

/** The rows whose name is the query, each once. `next` is undefined if these are all. */
const namedRows = async <R extends Row>(
  ctx: TenantQueryCtx,
  { names }: Searched<R>,
  whole: string,
  { from, limit }: Part,
): Promise<Found<R>> => {
  const rows: R[] = [];
  let last = from;
  for (const [name, { same }] of names.entries()) {
    const start = from !== undefined && "name" in from ? from : { name: 0, at: 0, id: undefined };
    if (name < start.name) continue;
    const [since, id] = name === start.name ? [start.at, start.id] : [0, undefined];
    for await (const row of after(same(ctx, whole, since), id)) {
      if (names.slice(0, name).some(({ nameOf }) => nameOf(row) === whole)) continue;
      if (rows.length === limit) return { rows, next: last };
      rows.push(row);
      last = { name, at: row._creationTime, id: row._id };
    }
  }
  return { rows, next: undefined };
};

/** Where a search goes on, and how many rows it may return. */
interface Part {
  readonly from?: Position | undefined;
  readonly limit: number;
}

/**
 * The rows that match `text`, each once.
 *
 * @returns at most `limit` rows, and where to go on if there may be more. There may be more even if there are fewer than `limit`, since
 * what one call reads is bounded.
 */
export const findRows = async <R extends Row>(
  ctx: TenantQueryCtx,
  table: Searched<R>,
  text: string,
  { from, limit }: Part,
): Promise<Found<R>> => {
  const words = queryWords(text);
  if (words.length === 0) return { rows: [], next: undefined };
  const whole = searchable(text);
  const rows: R[] = [];
  if (from === undefined || "name" in from) {
    const named = await namedRows(ctx, table, whole, { from, limit });
    if (named.next !== undefined) return named;
    if (named.rows.length === limit) return { ...named, next: { cursor: null } };
    rows.push(...named.rows);
  }
  const cursor = from !== undefined && "cursor" in from ? from.cursor : null;
  const options = { cursor, numItems: limit - rows.length, maximumRowsRead: MOST_READ };
  const { page, isDone, continueCursor } = await readFrom(cursor, () =>
    table.marked(ctx, { whole, marks: queryMarks(words) }, options),
  );
  rows.push(...page.filter(({ searchText }) => matches(searchText, words)));
  return { rows, next: isDone ? undefined : { cursor: continueCursor } };
};

/**
 * One page of `findRows`.
 *
 * @param scope - identifies the list.
 * @throws ConvexError `bad_cursor` for a cursor of another list.
 */
export const searchPage = async <R extends Row>(
  ctx: TenantQueryCtx,
  table: Searched<R>,
  text: string,
  { cursor, limit }: PageRequest,
  scope: Scope,
): Promise<Page<R>> => {
  const from =
    cursor === undefined ? undefined : (JSON.parse(await decodeCursor(scope, cursor)) as Position);
  const { rows, next } = await findRows(ctx, table, text, { from, limit });
  return {
    items: rows,
    nextCursor: next === undefined ? null : await encodeCursor(scope, JSON.stringify(next)),
  };
};
