import { fail } from "./fail";

/** Checks the arguments of a function that finds a row by one of several. */
export const requireExactlyOne = (args: Readonly<Record<string, string | undefined>>): void => {
  const given = Object.values(args).filter((value) => value !== undefined);
  if (given.length !== 1)
    fail("invalid_arguments", `Give exactly one of ${Object.keys(args).join(" and ")}.`);
};
