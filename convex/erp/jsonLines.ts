/** Reads JSON lines: one value per line. A bad line does not affect the others. */
import type { GenericValidator, Infer } from "convex/values";
import { parseStrictJson, read } from "../../src/entry/functions";

export interface LineError {
  /** The line number as an editor shows it: from 1, blank lines included. */
  readonly line: number;
  readonly message: string;
}

/** JSON is read as strictly as a request's body: a model that meets half a surrogate pair in a result may fail for good. */
const parseLine = <V extends GenericValidator>(
  text: string,
  validator: V,
): { value: Infer<V> } | { flaw: string } => {
  const json = parseStrictJson(text);
  if ("flaw" in json) return json;
  const known = read(validator, json.value);
  if ("value" in known) return known;
  const [{ path, message }] = known.issues;
  return { flaw: [path.join("."), message].filter((part) => part !== "").join(": ") };
};

/**
 * Reads the lines of a text and checks each against `validator`. Blank lines are skipped, and so is a byte order mark at the start,
 * which some editors write.
 *
 * @returns the values of the good lines, and an error for each bad line, both in the order of the text.
 */
export const parseLines = <V extends GenericValidator>(
  text: string,
  validator: V,
): { values: Infer<V>[]; errors: LineError[] } => {
  const values: Infer<V>[] = [];
  const errors: LineError[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line, validator);
    if ("value" in parsed) values.push(parsed.value);
    else errors.push({ line: index + 1, message: parsed.flaw });
  }
  return { values, errors };
};
