/** Reads JSON lines: one value per line. A bad line does not affect the others. */
import type * as z from "zod";

export interface LineError {
  /** The line number as an editor shows it: from 1, blank lines included. */
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

/**
 * Reads the lines of a text and checks each against `schema`. Blank lines are skipped, and so is a byte order mark at the start,
 * which some editors write.
 *
 * @returns the values of the good lines, and an error for each bad line, both in the order of the text.
 */
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
