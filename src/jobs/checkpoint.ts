/** Where the next part of a job begins: what its tool hands on when it ends a part. It travels as JSON text of a Convex value. */
import { ConvexError, convexToJson, jsonToConvex, type Value } from "convex/values";
import { isConvexError } from "../base/convexError";
import { isLongerThan } from "../base/text";

/** The longest checkpoint, in bytes of JSON. It waits in the job's row, beside the arguments. */
const MAX_CHECKPOINT = 64 * 1024;

/** The code of the ConvexError that a tool throws to end its part. */
const GOES_ON = "goes_on";

/** Makes the ConvexError that ends a part. */
export const handedOn = (checkpoint: string) => new ConvexError({ code: GOES_ON, checkpoint });

/** Reads the checkpoint from an error that a tool threw to end its part. Returns undefined for any other error. */
export const handedOnBy = (error: unknown): string | undefined => {
  if (!isConvexError(error)) return undefined;
  const { code, checkpoint } = (error.data ?? {}) as Record<string, unknown>;
  return code === GOES_ON && typeof checkpoint === "string" ? checkpoint : undefined;
};

/**
 * Writes a checkpoint as JSON text.
 *
 * @throws Error if it is no Convex value or too long. That is the tool's mistake: the client can do nothing about it.
 */
export const checkpointText = (checkpoint: Value): string => {
  const text = JSON.stringify(convexToJson(checkpoint));
  if (isLongerThan(text, MAX_CHECKPOINT))
    throw new Error(`A checkpoint has at most ${String(MAX_CHECKPOINT)} bytes of JSON`);
  return text;
};

/** Reads what `checkpointText` has written. */
export const checkpointIn = (text: string): Value =>
  jsonToConvex(JSON.parse(text) as Parameters<typeof jsonToConvex>[0]);
