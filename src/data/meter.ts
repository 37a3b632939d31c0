/**
 * Counts what a transaction reads, so that it ends before Convex ends it: at 16 MiB. Whoever can write to the database can make any row
 * 1 MiB large, so a number of rows alone is no bound.
 */

import { bytesOf } from "../base/text";

/** How many bytes may still be read. Reading stops once there are none. */
export interface Meter {
  left: number;
}

/** Takes a row off. Its size is that of its JSON text, which is close to what Convex counts. */
export const spend = (meter: Meter, row: unknown): void => {
  meter.left -= bytesOf(JSON.stringify(row));
};

/** Reads rows until there are `most`, or the meter is used up. */
export const readWithin = async <Row>(
  meter: Meter,
  rows: AsyncIterable<Row>,
  most: number,
): Promise<Row[]> => {
  const read: Row[] = [];
  if (meter.left <= 0) return read;
  for await (const row of rows) {
    read.push(row);
    spend(meter, row);
    if (read.length === most || meter.left <= 0) break;
  }
  return read;
};
