/** Searches rows by words, to the end. First come the rows that have the whole query as a name, then all others, by their texts. */
import type { Doc, Id } from "../_generated/dataModel";
import { decodeCursor, encodeCursor, type Scope } from "./cursor";
import type { TenantQueryCtx } from "./functions";
import { DEFAULT_PAGE, type Page, type PageRequest } from "./pages";
import { textsOf, type RowTexts, type SearchedTable } from "./searchTexts";
import { matches, queryWords, searchable } from "./textSearch";

/** How many of a row's texts are names of it. They come first among its texts. */
const NAMES: Readonly<Record<SearchedTable, number>> = { customers: 1, products: 2 };

/** The signs of a text by which matches are put in order. Cursors hold them, so they are bounded. */
const ORDERED_BY = 64;

/** The place of a match among all matches. */
type Place = readonly [rank: 0 | 1, text: string, id: string];

interface Found<Row> {
  readonly rows: Row[];
  /** Where to go on, or undefined if these are all. */
  readonly next: Place | undefined;
}

const isBefore = (a: Place, b: Place): boolean => {
  const differs = a.findIndex((part, at) => part !== b[at]);
  return differs !== -1 && a[differs]! < b[differs]!;
};

const inOrder = (a: Place, b: Place): number => (isBefore(a, b) ? -1 : 1);

/** The places of all rows that match, in order. */
const placesOf = async (
  ctx: TenantQueryCtx,
  table: SearchedTable,
  text: string,
): Promise<Place[]> => {
  const words = queryWords(text);
  const whole = searchable(text);
  const placeOf = ({ id, texts }: RowTexts): Place => {
    const isName = texts.slice(0, NAMES[table]).includes(whole);
    return [isName ? 0 : 1, Array.from(texts.join(" ")).slice(0, ORDERED_BY).join(""), id];
  };
  const found = (await textsOf(ctx, table)).filter(({ texts }) => matches(texts.join(" "), words));
  return found.map(placeOf).sort(inOrder);
};

/**
 * The rows whose texts have all words of `text`, each once.
 *
 * @param from - where the page before ended; undefined at the start.
 */
export const findRows = async <Table extends SearchedTable>(
  ctx: TenantQueryCtx,
  table: Table,
  text: string,
  { from, limit }: { readonly from?: Place | undefined; readonly limit: number },
): Promise<Found<Doc<Table>>> => {
  const places = await placesOf(ctx, table, text);
  const left = from === undefined ? places : places.filter((place) => isBefore(from, place));
  const page = left.slice(0, limit);
  const rows = await Promise.all(page.map(([, , id]) => ctx.db.get(table, id as Id<Table>)));
  return {
    rows: rows.filter((row) => row !== null),
    next: left.length > limit ? page.at(-1) : undefined,
  };
};

/**
 * One page of `findRows`.
 *
 * @param scope - identifies the list.
 * @throws ConvexError `bad_cursor` for a cursor of another list.
 */
export const searchPage = async <Table extends SearchedTable>(
  ctx: TenantQueryCtx,
  table: Table,
  text: string,
  { cursor, limit = DEFAULT_PAGE }: PageRequest,
  scope: Scope,
): Promise<Page<Doc<Table>>> => {
  const from =
    cursor === undefined ? undefined : (JSON.parse(await decodeCursor(scope, cursor)) as Place);
  const { rows, next } = await findRows(ctx, table, text, { from, limit });
  return {
    items: rows,
    nextCursor: next === undefined ? null : await encodeCursor(scope, JSON.stringify(next)),
  };
};
