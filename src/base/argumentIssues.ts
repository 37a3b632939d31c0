/** The error of a function that refuses its arguments: ours, or that of convex-helpers for arguments that zod refuses. */
import { ConvexError } from "convex/values";
import { isConvexError } from "./convexError";

/** What is wrong with one value. The path leads to it from the arguments. */
export type Issue = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** An issue as one line. */
export const lineOf = ({ path, message }: Issue): string =>
  path.length === 0 ? message : `${path.join(".")}: ${message}`;

/** Makes the error. The first issue is told to whoever calls the function by hand; tools tell all. */
export const refusedArguments = (issues: readonly [Issue, ...Issue[]]) =>
  new ConvexError({
    code: "invalid_arguments",
    message: lineOf(issues[0]),
    argumentIssues: issues.map(({ path, message }) => ({ path: [...path], message })),
  });

const isIssue = (one: unknown): one is Issue => {
  const { path, message } = (one ?? {}) as Readonly<Record<string, unknown>>;
  return Array.isArray(path) && typeof message === "string";
};

/** Returns what an error says of the arguments; nothing for any other error. */
export const argumentIssuesIn = (error: unknown): readonly Issue[] => {
  const data = isConvexError(error) ? error.data : null;
  const { argumentIssues, ZodError } = (data ?? {}) as Readonly<Record<string, unknown>>;
  const issues = argumentIssues ?? ZodError;
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
};
