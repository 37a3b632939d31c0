/** Values that JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

const isPlain = (value: object): boolean =>
  Array.isArray(value) || Object.prototype.toString.call(value) === "[object Object]";

/** Whether JSON has a form for a value: it has none for int64, bytes, NaN, Infinity, undefined, functions and dates. */
export const isJson = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null)
    return value === null || typeof value === "string" || typeof value === "boolean";
  return isPlain(value) && Object.values(value).every(isJson);
};
