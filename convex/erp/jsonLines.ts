/** JSON lines: a value per line, each good or bad by itself. */
import type * as z from "zod";

export interface LineError {
  /** Counted from 1, blank lines included, as an editor does. */
  readonly line: number;
  readonly message: string;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const firstIssue = ({ issues }: z.core.$ZodError): string => {
  const [issue] = issues;
  if (issue === undefined) return "is not as expected";
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
};

/** Reads the lines that are not blank. A byte order mark in front, as some editors put there, does not count. */
export const parseLines = <Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): { values: z.output<Schema>[]; errors: LineError[] } => {
  const values: z.output<Schema>[] = [];
  const errors: LineError[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const value = parse(line);
    const parsed = value === undefined ? undefined : schema.safeParse(value);
    if (parsed?.success === true) values.push(parsed.data);
    else {
      const message = parsed === undefined ? "is not valid JSON" : firstIssue(parsed.error);
      errors.push({ line: index + 1, message });
    }
  }
  return { values, errors };
};
