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
 * What Convex says of a cursor that is none. It encrypts its own.
 *
 * @see get-convex/convex-backend 94a42c3: crates/keybroker/src/broker.rs:897 and 1223
 */
const NO_CURSOR =
  /^(?:(?:Uncaught )?\w+: )*(?:InvalidCursor|Failed to parse cursor|Key is invalid for instance|Missing position field)/;

/**
 * Whether convex-test says it of one, which it reads as a list of JSON texts of values. It puts nothing before the message of a nested
 * function, and what it says differs with what is in the cursor: errors of JSON.parse, and of `jsonToConvex`.
 */
const isTestCursorError = (message: string): boolean => {
  if (message.startsWith("Uncaught ")) return false;
  const ofJson = [
    ...["not valid JSON", "JSON at position ", "end of JSON input", "null (reading 'map')"],
    ...["JSON.parse(...).map is not a function", "Cannot convert object to primitive value"],
  ];
  const ofValues = [
    ...["Malformed $", "starts with a '$'", "Length must be a multiple of 4", "expected 8 for $"],
    ...["should be encoded as a number", "no longer supported as a Convex type"],
    ...["exceeds maximum field name length", "only contain non-control ASCII"],
  ];
  return [...ofJson, ...ofValues].some((words) => message.includes(words));
};

/**
 * Whether an error of `.paginate` is that Convex does not take its cursor: it is one of another query, or none at all.
 *
 * @see get-convex/convex-backend 94a42c3: crates/database/src/query/mod.rs:786
 */
export const isCursorError = (error: unknown): boolean =>
  isConvexError(error)
    ? (error.data as { paginationError?: unknown } | null)?.paginationError === "InvalidCursor"
    : error instanceof Error && (NO_CURSOR.test(error.message) || isTestCursorError(error.message));

const WRONG_CURSOR =
  "cursor: this is no cursor of these arguments. Send the continueCursor of the page before, with the same arguments, or none for the first page.";

/** Whether the line says that the function takes a page. */
interface Pages {
  readonly paginated?: boolean;
}

/**
 * Explains the error of a function that takes pages, if it is about the cursor that the client sent.
 *
 * @throws ConvexError `bad_cursor`, or else the error as it is
 */
export const aboutCursor =
  ({ paginated }: Pages, { cursor }: Args) =>
  (error: unknown): never => {
    const isExplained = paginated === true && typeof cursor === "string" && isCursorError(error);
    throw isExplained ? refusal("bad_cursor", WRONG_CURSOR) : error;
  };
