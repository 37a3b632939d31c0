/** Adds to an app's own files what joins them with the library, where they have the usual form. */
import { parse, type Parsed, type Syntax } from "../app/syntax";
import { addNames, importedAs, type Need } from "../edit/imports";
import { append, insertAll, listOf, type Insertion } from "../edit/insert";
import { inStyle, styleOf } from "../edit/style";
import {
  argumentsOf,
  constant,
  constants,
  defaultExport,
  isCallOf,
  namesTaken,
} from "../edit/tree";
import { cronLine, httpNeeds, routeLines } from "../glue/lines";

/** The text as it becomes; undefined if the file has a form of its own. */
type Edited = string | undefined;

const parsed = (file: string, text: string): Parsed | undefined => {
  try {
    return parse(file, text);
  } catch {
    return undefined;
  }
};

/** Statements that go in front of `export default`. A comment there stays with the export. */
const beforeExport = (
  text: string,
  { body }: Parsed,
  lines: readonly string[],
): Insertion[] | undefined => {
  const at = body.findIndex(({ type }) => type === "ExportDefaultDeclaration");
  const before = body[at - 1];
  if (before === undefined) return undefined;
  // Behind what may follow on the same line, such as a comment.
  const end = text.slice(before.end).search(/\r?\n/);
  // A line joins a line; behind a block there is an empty one.
  const gap = text.slice(before.start, before.end).includes("\n") ? "\n\n" : "\n";
  return end === -1 ? undefined : [{ at: before.end + end, text: gap + lines.join("\n") }];
};

/** The name of the constant that is exported by default, if a call of `made` makes it. */
const exported = ({ body }: Parsed, made: string): string | undefined => {
  const value = defaultExport(body);
  return isCallOf(value, made) ? constants(body).find(([, one]) => one === value)?.[0] : undefined;
};

/** Gives each name that is taken in a module another one. */
const renamed = (tree: Parsed, needs: readonly Need[]): Need[] => {
  const taken = namesTaken(tree.body);
  return needs.map((need) => {
    const there = importedAs(tree, need);
    if (there !== undefined) return there === need.name ? need : { ...need, as: there };
    const { name } = need;
    const as = `toolgate${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return taken.has(name) ? { ...need, as } : need;
  });
};

/** Adds names and, in front of the default export, lines. */
const withLines = (
  text: string,
  tree: Parsed,
  needs: readonly Need[],
  lines: readonly string[],
): Edited => {
  const style = styleOf(text);
  const styled = lines.map((line) => inStyle(line, style));
  const inserted = beforeExport(text, tree, styled);
  return (
    inserted &&
    insertAll(text, [...addNames(text, tree, needs, style.quote, style.end), ...inserted])
  );
};

/** Routes the endpoint in `http.ts`: `const http = httpRouter(); … export default http;`. */
export const editHttp = (file: string, text: string, dir: string, oauth: boolean): Edited => {
  const tree = parsed(file, text);
  const http = tree && exported(tree, "httpRouter");
  if (tree === undefined || http === undefined) return undefined;
  if (oauth && namesTaken(tree.body).has("oauth")) return undefined;
  const needs = renamed(tree, httpNeeds(dir, oauth));
  const named = (name: string) => needs.find((need) => need.name === name)?.as ?? name;
  return withLines(text, tree, needs, routeLines(oauth, http, named));
};

/** Adds the sweep to `crons.ts`: `const crons = cronJobs(); … export default crons;`. */
export const editCrons = (file: string, text: string, dir: string): Edited => {
  const tree = parsed(file, text);
  const crons = tree && exported(tree, "cronJobs");
  if (tree === undefined || crons === undefined) return undefined;
  const needs = [{ name: "internal", from: "./_generated/api" }];
  return withLines(text, tree, needs, [cronLine(dir, crons)]);
};

/** The object with the tables: `defineSchema({ … })`, or a constant that stands there. */
const tablesIn = ({ body }: Parsed): Syntax | undefined => {
  const call = defaultExport(body);
  const [first] = isCallOf(call, "defineSchema") ? argumentsOf(call) : [];
  const tables = first?.type === "Identifier" ? constant(body, String(first.name)) : first;
  return tables?.type === "ObjectExpression" ? tables : undefined;
};

/** Adds the tables to `schema.ts`. */
export const editSchema = (file: string, text: string): Edited => {
  const tree = parsed(file, text);
  const tables = tree && tablesIn(tree);
  if (tree === undefined || tables === undefined) return undefined;
  const style = styleOf(text);
  const needs = [{ name: "toolgateTables", from: "toolgate/tables" }];
  return insertAll(text, [
    ...addNames(text, tree, needs, style.quote, style.end),
    ...append(text, listOf(tables), ["...toolgateTables"], false),
  ]);
};
