/** Reads the values of options, and lists of several pages. */
import { InvalidArgumentError, type Command } from "commander";
import { addConstraint, CONSTRAINT_FORMS } from "./constraint";
import { addFixed, FIXED_FORM } from "./fixed";
import { FormError } from "./formError";
import type { Run } from "./run";

/** Reads names separated by commas. @throws InvalidArgumentError for an empty name. */
export const list = (text: string): string[] => {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidArgumentError("Give names, separated by commas.");
  return items;
};

/** Reads a whole number from 0. The server checks its range. @throws InvalidArgumentError */
export const integer = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
};

/** Reads a whole number from 1. @throws InvalidArgumentError */
export const count = (text: string): number => {
  const number = integer(text);
  if (number === 0) throw new InvalidArgumentError("Give a number from 1.");
  return number;
};

/** What adds a text to those before it, as an option: commander shows only errors of its own. */
const adding =
  <Value>(add: (text: string, before?: Value) => Value) =>
  (text: string, before?: Value): Value => {
    try {
      return add(text, before);
    } catch (error) {
      throw error instanceof FormError ? new InvalidArgumentError(error.message) : error;
    }
  };

/** Adds the options that narrow a key or let it speak for its user, for `create` and `update`. */
export const withKeyFields = (command: Command): Command =>
  command
    .option("--tools <names>", "only these tools, separated by commas", list)
    .option("--constraint <limit>", `repeatable: ${CONSTRAINT_FORMS}`, adding(addConstraint))
    .option("--set <argument>", `repeatable: ${FIXED_FORM}`, adding(addFixed))
    .option("--unattended", "no user is asked, and the agent's own confirm: true counts")
    .option("--approval <tools>", "somebody must approve their calls: names, or orders_*", list)
    .option("--read-only", "only what reads, whatever the role: queries, resources and prompts")
    .option("--expires-days <days>", "1 to 365 from now", integer);

/** How many rows a list shows by default. */
export const DEFAULT_LIMIT = 100;

/** The largest page that the server returns, in rows. */
const MAX_PAGE = 200;

/** Leaves out undefined members, because Convex refuses them. */
export const given = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));

/** One page of a list. Its rows are in the member `Name`. */
type Page<Name extends string, Row> = { readonly [_ in Name]: Row[] } & {
  readonly nextCursor: string | null;
};

/**
 * Reads the pages of a list until it has `limit` rows or the list ends.
 *
 * @param call - the function, the member with the rows, and its arguments without `limit` and `cursor`.
 * @returns one page with all rows. Its `nextCursor` is null if the list ends there.
 * @throws Failure as `run` does.
 */
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
