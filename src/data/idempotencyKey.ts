/** The form of an idempotency key. Not in gate/idempotency.ts, because the HTTP action and the catalog need it without database code. */

/** 8 to 128 visible ASCII characters. */
export const idempotencyKeyPattern = "^[!-~]{8,128}$";

/** Whether a value from a client has the form of an idempotency key. */
export const isIdempotencyKey = (value: unknown): value is string =>
  typeof value === "string" && new RegExp(idempotencyKeyPattern).test(value);
