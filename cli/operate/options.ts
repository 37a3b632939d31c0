/** How option values are read, and lists of many pages. */
import { InvalidArgumentError, type Command } from "commander";
import { addConstraint, CONSTRAINT_FORMS } from "./constraint";
import type { Run } from "./run";

/** `a,b` */
export const list = (text: string): string[] => {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidArgumentError("Give names, separated by commas.");
  return items;
};

/** Whole and not negative; what range is allowed, the server says. */
export const integer = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
};

/** At least 1. */
export const count = (text: string): number => {
  const number = integer(text);
  if (number === 0) throw new InvalidArgumentError("Give a number from 1.");
  return number;
};

/** The options that narrow a key, for `create` and `update`. */
export const withKeyFields = (command: Command): Command =>
  command
    .option("--tools <names>", "only these tools, separated by commas", list)
    .option("--constraint <limit>", `repeatable: ${CONSTRAINT_FORMS}`, addConstraint)
    .option("--expires-days <days>", "1 to 365 from now", integer);

/** Rows that a list shows unless `--limit` says otherwise. */
export const DEFAULT_LIMIT = 100;

/** The largest page that the server gives. */
const MAX_PAGE = 200;

/** `undefined` members are left out, as Convex takes none. */
export const given = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));

/** One page, whose rows are the member `Name`. */
type Page<Name extends string, Row> = { readonly [_ in Name]: Row[] } & {
  readonly nextCursor: string | null;
};

/** Follows `nextCursor` until there are `limit` rows or no more. */
export const readAll = async <Row, Name extends string>(
  run: Run,
  call: { readonly name: string; readonly rows: Name; readonly args: Record<string, unknown> },
  limit: number,
): Promise<Page<Name, Row>> => {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Name, Row> = await run(call.name, {
      ...call.args,
      limit: Math.min(limit - rows.length, MAX_PAGE),
      ...(cursor !== null && { cursor }),
    });
    rows.push(...page[call.rows]);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < limit);
  return { [call.rows]: rows, nextCursor: cursor } as Page<Name, Row>;
};
