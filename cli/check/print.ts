/** Prints a report of `check` for people. */

import type { JsonSchema } from "../../src/catalog/jsonSchema";
import { typesOf, variantsOf } from "../../src/catalog/variants";
import type { Unread } from "../app/evaluate";
import { printable, table } from "../operate/print";
import { styled } from "../style";
import type { CheckedTool, Fault, ListedTool, Report } from "./report";

const indented = (text: string, by = "  "): string => text.replace(/^(?=.)/gm, by);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null;

/** A schema in a few words: `list of string`. */
const wordsOf = (schema: JsonSchema): string => {
  if (schema.type === "array" && isSchema(schema.items)) return `list of ${wordsOf(schema.items)}`;
  const variants = variantsOf(schema);
  return variants === undefined ? typesOf(schema) : variants.map(wordsOf).join(" or ");
};

const argumentRows = ({ inputSchema }: ListedTool): string[][] => {
  const required = (inputSchema.required ?? []) as readonly string[];
  const properties = (inputSchema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.entries(properties)
    .filter(([name]) => name !== "idempotencyKey")
    .map(([name, schema]) => [
      name,
      `${wordsOf(schema)}${required.includes(name) ? "" : ", optional"}`,
      typeof schema.description === "string" ? schema.description : "",
    ]);
};

const hintsOf = ({ annotations: { readOnlyHint, destructiveHint, idempotentHint } }: ListedTool) =>
  readOnlyHint === true
    ? "read-only"
    : [
        destructiveHint === true ? "destructive" : "adds only",
        ...(idempotentHint === true ? ["idempotent"] : []),
      ].join(", ");

const toolText = ({ entry, listed }: CheckedTool): string => {
  const permission = String(entry.permission);
  const from = `${entry.function}, for ${permission}`;
  if (listed === undefined)
    return `${styled("bold", entry.name)}  ${styled("red", "not listed")}  ${from}`;
  const title = listed.title === undefined ? "" : `  ${listed.title}`;
  const rows = argumentRows(listed);
  return [
    `${styled("bold", listed.name)}${title}  ${styled("dim", `${hintsOf(listed)}; ${from}`)}`,
    indented(printable(listed.description)),
    ...(rows.length > 0 ? [indented(table(rows[0] ?? [], rows.slice(1)), "    ")] : []),
  ].join("\n");
};

/** Words and lines to add, each on lines of their own. */
const faultText = ({ where, what, fix }: Fault): string =>
  [
    `${styled("red", "fault")} ${where}: ${printable(what)}`,
    ...(fix === undefined ? [] : [indented(fix, "      ")]),
  ].join("\n");

const unreadText = ({ module, why, unset }: Unread): string => {
  const named = unset.filter((name) => why.includes(name));
  const variables = named.length > 0 ? named : unset;
  const help =
    variables.length > 0
      ? `\n      It reads ${variables.join(", ")}, which is not set here: .env.local may say it.`
      : "";
  return `${styled("yellow", "note ")} ${module} cannot be evaluated here, and is left out: ${printable(why)}${help}`;
};

/** Formats notes and modules that could not be read. */
export const notesText = ({ notes, unread }: Pick<Report, "notes" | "unread">): string =>
  [...unread.map(unreadText), ...notes.map((note) => `${styled("yellow", "note ")} ${note}`)].join(
    "\n",
  );

const count = (number: number, word: string): string =>
  `${number} ${word}${number === 1 ? "" : "s"}`;

/** Formats a report. */
export const reportText = (report: Report): string => {
  const listed = report.tools.filter((tool) => tool.listed !== undefined).length;
  return [
    ...report.tools.map(toolText),
    [notesText(report), ...report.faults.map(faultText)].filter((text) => text !== "").join("\n"),
    `tools/list has ${count(listed, "tool")}; ${count(report.faults.length, "fault")}`,
  ]
    .filter((text) => text !== "")
    .join("\n\n");
};
