/**
 * Convex's own errors, by their texts. An action that calls a function gets nothing but the text, as a plain `Error`. HTTP clients of
 * Convex get a code in front of it. An error that an app throws begins with `Uncaught`.
 *
 * @see get-convex/convex-backend 94a42c3, at the file and line beside each text
 */
import { isConvexError } from "../base/convexError";

/** The beginnings of the texts of write conflicts, after Convex's own retries. */
const CONFLICTS = [
  "Documents read from or written to ", // crates/errors/src/lib.rs:379
  "Data read or written in this mutation changed while it was being run", // crates/errors/src/lib.rs:1104
];

/** The beginnings of the texts with which Convex refuses to run a function, or gives up before it commits. Nothing was done. */
const REFUSED = [
  ...CONFLICTS,
  // No slot, or no worker.
  "Too many concurrent requests", // crates/application/src/application_function_runner/mod.rs:542, crates/isolate/src/metrics.rs:128
  "There are no available workers to process the request", // crates/isolate/src/client.rs:193
  "Selected isolate was not clean", // crates/isolate/src/metrics.rs:136
  "Couldn't acquire a permit on this funrun", // crates/isolate/src/metrics.rs:140
  "Failed to connect to upstream", // crates/common/src/grpc/mod.rs:171
  // Too much at once. "Too many writes in a single function execution" (crates/database/src/writes.rs:292) is a fault of the function.
  "Too many concurrent commits", // crates/database/src/metrics.rs:474
  "Too many writes per second", // crates/database/src/snapshot_manager.rs:762
  "Too many writes to ", // crates/database/src/transaction.rs:1526
  // Shortly after a start.
  "Search indexes bootstrapping", // crates/search/src/text_index_manager.rs:131
  "Vector indexes are bootstrapping", // crates/vector/src/vector_index_manager.rs:187
  "Table summary unavailable", // crates/database/src/table_summary.rs:549
];

/** The transaction was too slow and is not committed. An action with this error may have done part of its work. */
const TIMED_OUT = [
  "Your request timed out performing too many system operations", // crates/isolate/src/timeout.rs:47
];

/** The call broke off. A mutation may have committed, as its answer can be lost after that: crates/database/src/committer.rs:1546. */
const BROKEN_OFF = [
  "Your request couldn't be completed. Try again later.", // crates/errors/src/lib.rs:1102
];

/** The kind of the function that was called. */
export type Kind = "query" | "mutation" | "action";

/** Whether an error is one of Convex's own whose text begins so. */
const beginsWith = (error: unknown, beginnings: readonly string[]): boolean => {
  if (!(error instanceof Error) || isConvexError(error)) return false;
  const text = error.message.replace(/^[A-Z][A-Za-z]+: /, "");
  return beginnings.some((beginning) => text.startsWith(beginning));
};

/** Whether Convex gave a mutation up because others changed what it read. */
export const isConflict = (error: unknown): boolean => beginsWith(error, CONFLICTS);

/** Whether an error is one of Convex's own, and the call may be made again without doing anything twice. */
export const isTemporary = (error: unknown, kind: Kind, isRepeatable: boolean): boolean => {
  if (beginsWith(error, REFUSED)) return true;
  if (beginsWith(error, TIMED_OUT)) return kind !== "action";
  return isRepeatable && beginsWith(error, BROKEN_OFF);
};
