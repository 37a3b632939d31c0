/** Prints to people. */
import { replaceUnseen } from "../../src/base/plainText";
import { ONLY_TENANT } from "../../src/data/principal";

/** Replaces what cannot be seen, so that text from others (names, reasons, tool arguments) cannot steer the terminal or turn its lines. */
export const printable = (text: string): string => replaceUnseen(text, () => "�");

/** Formats a table. Columns are as wide as their widest cell, and the last one is not padded. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, at) =>
    lines.reduce((widest, row) => Math.max(widest, row[at]?.length ?? 0), 0),
  );
  return lines
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** Formats a table without its column `tenant`, if no row names a tenant: an app with one has no word for it. */
export const tenantTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const at = head.indexOf("tenant");
  const isNamed = rows.some((row) => row[at] !== "" && row[at] !== ONLY_TENANT);
  if (isNamed || rows.length === 0) return table(head, rows);
  return table(
    head.toSpliced(at, 1),
    rows.map((row) => row.toSpliced(at, 1)),
  );
};

/** Formats values as one `name  value` line each. Undefined values are left out. */
export const fields = (values: Readonly<Record<string, string | undefined>>): string => {
  const shown = Object.entries(values).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join("\n");
};

/** Prints a line to standard output. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Prints a line to standard error, for text that is not part of the answer. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const escaped = (sign: string): string =>
  sign.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * The JSON text of a value, in which what cannot be seen or steers a terminal is escaped: it reads back as the same value. JSON itself
 * escapes only the control characters up to U+001F.
 *
 * @param indent - spaces for each level; without it the text is one line.
 */
export const jsonText = (value: unknown, indent?: number): string =>
  replaceUnseen(JSON.stringify(value, null, indent), (sign) =>
    sign === "\n" ? sign : escaped(sign),
  );

/** Prints an answer: as JSON if `json` is true, otherwise as `text` formats it. */
export const show = <T>(value: T, json: boolean | undefined, text: (value: T) => string): void => {
  print(json ? jsonText(value, 2) : text(value));
};
