/** Adds imports to a module. */
import type { Parsed, Syntax } from "../app/syntax";
import { append, type Insertion } from "./insert";

const isImport = ({ type }: Syntax): boolean => type === "ImportDeclaration";

const sourceOf = ({ source }: Syntax): string => String((source as Syntax).value);

/** The imported names of a statement, which stand in braces; undefined if it has no braces. */
const named = (text: string, statement: Syntax): readonly Syntax[] | undefined => {
  const specifiers = statement.specifiers as Syntax[];
  return text.slice(statement.start, (statement.source as Syntax).start).includes("{")
    ? specifiers.filter(({ type }) => type === "ImportSpecifier")
    : undefined;
};

const importedBy = (specifier: Syntax): string => String((specifier.imported as Syntax).name);

/** The place behind a comment that ends the line: it stays with what it is about. */
const behind = (text: string, at: number): number => {
  const [comment = ""] =
    /^[ \t]*(?:\/\/.*|\/\*.*\*\/)?[ \t]*(?=\r?\n|$)/.exec(text.slice(at)) ?? [];
  return at + comment.length;
};

/** The lines of imports that stand behind the last import, or at the top. */
export const addLines = (text: string, { body }: Parsed, lines: readonly string[]): Insertion[] => {
  if (lines.length === 0) return [];
  const last = body.findLast(isImport);
  const joined = lines.join("\n");
  if (last !== undefined) return [{ at: behind(text, last.end), text: `\n${joined}` }];
  return [{ at: body[0]?.start ?? text.length, text: `${joined}\n` }];
};

/** One name that a module needs, and where it comes from. */
export interface Need {
  readonly name: string;
  /** As it is written where it is new: `toolgate/tools`. */
  readonly from: string;
  /** The name inside the module, if its own is taken there. */
  readonly as?: string | undefined;
}

const specifier = ({ name, as }: Need): string => (as === undefined ? name : `${name} as ${as}`);

/** The name that a module already imports something as; undefined if it does not. */
export const importedAs = ({ body }: Parsed, { name, from }: Need): string | undefined =>
  body
    .filter((one) => isImport(one) && sourceOf(one) === from && one.importKind !== "type")
    .flatMap(({ specifiers }) => specifiers as Syntax[])
    .filter((one) => one.type === "ImportSpecifier" && one.importKind !== "type")
    .filter((one) => importedBy(one) === name)
    .map((one) => String((one.local as Syntax).name))
    .at(0);

/**
 * Imports names that are not imported yet: into the statement that imports from the same place, or by a line of their own.
 *
 * @param end - how lines end: `;` or nothing.
 */
export const addNames = (
  text: string,
  parsed: Parsed,
  needs: readonly Need[],
  quote = '"',
  end = ";",
): Insertion[] => {
  const sources = [...new Set(needs.map(({ from }) => from))];
  const added: Insertion[] = [];
  const lines: string[] = [];
  for (const from of sources) {
    const statements = parsed.body.filter((one) => isImport(one) && sourceOf(one) === from);
    const names = needs
      .filter((need) => need.from === from && importedAs(parsed, need) === undefined)
      .map(specifier);
    const open = statements.find((one) => one.importKind !== "type" && named(text, one)?.length);
    if (names.length === 0) continue;
    if (open === undefined)
      lines.push(`import { ${names.join(", ")} } from ${quote}${from}${quote}${end}`);
    else added.push(...intoBraces(text, open, names));
  }
  return [...added, ...addLines(text, parsed, lines)];
};

const intoBraces = (text: string, statement: Syntax, names: readonly string[]): Insertion[] => {
  const start = text.indexOf("{", statement.start);
  const end = text.indexOf("}", start) + 1;
  const node = { ...statement, start, end } as Syntax;
  return append(text, { node, items: named(text, statement) ?? [] }, names, false);
};
