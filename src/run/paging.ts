/** Pages: a client sends `cursor` and `limit`, and a function gets Convex's `paginationOpts`. */
import { isConvexError } from "../base/convexError";
import { refusal } from "../base/refuse";
import { PAGE } from "../data/arguments";

type Args = Readonly<Record<string, unknown>>;

/** What a function gets. Convex's other options are for its own client. */
interface Page {
  readonly cursor: string | null;
  readonly numItems: number;
}

const isCursor = (value: unknown): value is string | null =>
  value === null || (typeof value === "string" && value !== "");

const isLimit = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PAGE.most;

/**
 * Puts a page in the place of the client's `cursor` and `limit`.
 *
 * @throws Error as Convex does for arguments that do not fit, so that they are mended or explained in the same way.
 */
export const paged = (args: Args): Args => {
  const { cursor: sent, limit: most, ...rest } = args;
  const cursor = sent ?? null;
  const numItems = most ?? PAGE.usual;
  if (Object.hasOwn(args, "paginationOpts") || !isCursor(cursor) || !isLimit(numItems))
    throw new Error("ArgumentValidationError: cursor or limit does not fit.");
  const paginationOpts: Page = { cursor, numItems };
  return { ...rest, paginationOpts };
};

/**
 * The errors of a cursor that is none: Convex's own, which are in the error of a nested function, and that of convex-test, which reads a
 * cursor with JSON.parse and puts nothing before the message.
 *
 * @see get-convex/convex-backend 94a42c3: crates/keybroker/src/broker.rs:897 and 1223
 */
const NO_CURSOR =
  /^Uncaught (?:\w+: )*(?:InvalidCursor|Failed to parse cursor|Key is invalid for instance|Missing position field)|^(?!Uncaught ).*(?:not valid JSON|JSON at position \d+|end of JSON input)/;

/**
 * Whether Convex has refused a cursor: one of another query, or none at all.
 *
 * @see get-convex/convex-backend 94a42c3: crates/database/src/query/mod.rs:786
 */
const isOfCursor = (error: unknown): boolean =>
  isConvexError(error)
    ? (error.data as { paginationError?: unknown } | null)?.paginationError === "InvalidCursor"
    : error instanceof Error && NO_CURSOR.test(error.message);

const WRONG_CURSOR =
  "cursor: this is no cursor of these arguments. Send the continueCursor of the page before, with the same arguments, or none for the first page.";

/** Whether the line says that the function takes a page. */
interface Pages {
  readonly paginated?: boolean;
}

/**
 * Explains the error of a function that takes pages, if it is about the cursor that the client sent.
 *
 * @throws ConvexError `invalid_arguments`, or else the error as it is
 */
export const aboutCursor =
  ({ paginated }: Pages, { cursor }: Args) =>
  (error: unknown): never => {
    const isExplained = paginated === true && typeof cursor === "string" && isOfCursor(error);
    throw isExplained ? refusal("invalid_arguments", WRONG_CURSOR) : error;
  };
