import { fail } from "./fail";

/**
 * For functions that find a row by one of several arguments.
 *
 * @throws ConvexError `invalid_arguments` unless exactly one of them is given.
 */
export const requireExactlyOne = (args: Readonly<Record<string, string | undefined>>): void => {
  const given = Object.values(args).filter((value) => value !== undefined);
  if (given.length !== 1)
    fail("invalid_arguments", `Give exactly one of ${Object.keys(args).join(" and ")}.`);
};
