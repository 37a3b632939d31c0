/** Makes results of rows. */
import type { Infer, PropertyValidators, VObject } from "convex/values";

type Given<Result> = {
  [Name in keyof Result]: Partial<Pick<Result, Name>> extends Pick<Result, Name>
    ? Result[Name] | undefined
    : Result[Name];
};

/**
 * The members that a result has, if they have a value. A row has others too, such as `tenantId`: they are not for callers.
 *
 * @param result - what the function returns.
 * @param row - is not changed.
 */
export const only = <Result extends VObject<object, PropertyValidators>>(
  { fields }: Result,
  row: Given<Infer<Result>>,
): Infer<Result> =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) => Object.hasOwn(fields, name) && value !== undefined,
    ),
  );
