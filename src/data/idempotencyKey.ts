/** The form of an idempotency key. Apart from gate/idempotency.ts, which runs in the database. */

/** 8 to 128 visible ASCII characters. */
export const idempotencyKeyPattern = "^[!-~]{8,128}$";

export const isIdempotencyKey = (value: unknown): value is string =>
  typeof value === "string" && new RegExp(idempotencyKeyPattern).test(value);
