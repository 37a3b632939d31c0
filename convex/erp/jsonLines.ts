/** Reads JSON lines: one value per line. A bad line does not affect the others. */
import type * as z from "zod";
import { parseStrictJson } from "../../src/entry/functions";

export interface LineError {
  /** The line number as an editor shows it: from 1, blank lines included. */
  readonly line: number;
  readonly message: string;
}

const firstIssue = ({ issues }: z.core.$ZodError): string => {
  const [issue] = issues;
  if (issue === undefined) return "is not as expected";
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
};

/** JSON is read as strictly as a request's body: a model that meets half a surrogate pair in a result may fail for good. */
const parseLine = <Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): { value: z.output<Schema> } | { flaw: string } => {
  const json = parseStrictJson(text);
  if ("flaw" in json) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success ? { value: parsed.data } : { flaw: firstIssue(parsed.error) };
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
    const parsed = parseLine(line, schema);
    if ("value" in parsed) values.push(parsed.value);
    else errors.push({ line: index + 1, message: parsed.flaw });
  }
  return { values, errors };
};
