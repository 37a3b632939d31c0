/** The arguments of a call as lines that a person reads, for a tool whose app tells no summary. */
import { visibleLine } from "../../text/plain";

export interface Line {
  readonly label: string;
  readonly value: string;
}

/** More than these are left to the JSON below the card. */
const MAX_LINES = 20;

/** `expectedTotalMinor` → `expected total minor`. */
const wordsOf = (name: string): string =>
  visibleLine(name)
    .replace(/[_-]+/g, " ")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .trim()
    .toLowerCase();

const labelOf = (name: string): string => {
  const words = wordsOf(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @param isOneOfMany - then a text is quoted: it must not pass for the members beside it. */
const shown = (value: unknown, isOneOfMany = false): string => {
  if (typeof value === "string") return visibleLine(isOneOfMany ? JSON.stringify(value) : value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return visibleLine(JSON.stringify(value));
};

const isGroup = (value: unknown): value is object => typeof value === "object" && value !== null;

const membersOf = (value: object): [string, unknown][] =>
  Array.isArray(value)
    ? value.map((item: unknown, at) => [String(at + 1), item])
    : Object.entries(value);

/** A list item of plain members is one line: `Product id "p1", quantity 2`. */
const flat = (value: object): string | undefined => {
  const members = membersOf(value);
  if (members.some(([, member]) => isGroup(member))) return undefined;
  return Array.isArray(value)
    ? members.map(([, member]) => shown(member, true)).join(", ")
    : members
        .map(
          ([name, member], at) =>
            `${at === 0 ? labelOf(name) : wordsOf(name)} ${shown(member, true)}`,
        )
        .join(", ");
};

const linesOf = (value: object, path: readonly string[]): Line[] =>
  membersOf(value).flatMap(([name, member]) => {
    const here = [...path, labelOf(name)];
    const label = here.join(" ");
    if (!isGroup(member)) return [{ label, value: shown(member) }];
    const one = flat(member);
    if (one !== undefined) return [{ label, value: one === "" ? "none" : one }];
    return linesOf(member, here);
  });

/** The lines of JSON text, and how many were left out; none if it is no object. */
export const argumentLines = (text: string): { lines: Line[]; more: number } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { lines: [], more: 0 };
  }
  const lines = isGroup(value) ? linesOf(value, []) : [];
  return { lines: lines.slice(0, MAX_LINES), more: Math.max(0, lines.length - MAX_LINES) };
};
