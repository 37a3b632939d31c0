/** Puts a probe into every function of a module, which tells when a run enters the function. V8 counts, but knows no order. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { parse, type Node } from "acorn";

/** A function as people find it: the file from the root of the repository, and its name. */
export interface Entered {
  readonly file: string;
  readonly name: string;
  /** Tells functions of one name apart: where it begins in the module that was loaded. */
  readonly start: number;
}

declare global {
  /** Called as a function is entered, while a run is recorded. A global, since the modules with the probes import nothing. */
  var toolgateEntered: ((entered: Entered) => void) | undefined;
}

type Tree = Node & Readonly<Record<string, unknown>>;

interface Found {
  readonly node: Tree;
  /** Undefined if it is only passed on. */
  readonly name: string | undefined;
  /** The nearest function with a name around it; outside of all functions, what is being defined. */
  readonly around: string;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && "type" in value;

const isFunction = ({ type }: Tree): boolean =>
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(type);

/** What a variable, a member, a class or a function is called where it stands. */
const nameIn = (code: string, { id, key }: Tree): string | undefined => {
  const named = isTree(id) ? id : key;
  if (!isTree(named) || named.type.endsWith("Pattern")) return undefined;
  return code.slice(named.start, named.end);
};

/**
 * All functions below a node, outer ones first.
 *
 * @param given - the name of what the node is the value of. In `f = () => () => 1` it is that of both.
 */
const functionsIn = (code: string, node: Tree, given?: string, around = ""): Found[] => {
  const name = nameIn(code, node) ?? (isFunction(node) ? given : undefined);
  const inside = isFunction(node) || around === "" ? (name ?? around) : around;
  const below = Object.values(node)
    .flat()
    .filter(isTree)
    .flatMap((child) => functionsIn(code, child, name, inside));
  return isFunction(node) ? [{ node, name, around }, ...below] : below;
};

interface Insertion {
  readonly at: number;
  readonly text: string;
}

const insertionsOf = ({ body }: Tree, entered: Entered): Insertion[] => {
  if (!isTree(body)) throw new Error(`A function without a body in ${entered.file}`);
  const call = `globalThis.toolgateEntered?.(${JSON.stringify(entered)})`;
  if (body.type === "BlockStatement") return [{ at: body.start + 1, text: `${call};` }];
  return [
    { at: body.start, text: `(${call},` },
    { at: body.end, text: ")" },
  ];
};

const insertAll = (code: string, insertions: readonly Insertion[]): string => {
  const sorted = insertions.toSorted((a, b) => a.at - b.at);
  const pieces = sorted.map(({ at, text }, index) => text + code.slice(at, sorted[index + 1]?.at));
  return code.slice(0, sorted[0]?.at) + pieces.join("");
};

/**
 * @param file - as the probes are to call it.
 * @param code - of an ES module.
 * @param map - from `code` to the source. A function without a name goes by the name around it and its line there: `mcp:85`.
 * @returns `code` with the probes.
 */
export const withProbes = (file: string, code: string, map: string): string => {
  const lines = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const insertions = functionsIn(code, tree as unknown as Tree).flatMap(({ node, ...found }) => {
    const { line = 1, column = 0 } = node.loc?.start ?? {};
    const origin = lines.findEntry(line - 1, column);
    const sourceLine = "originalLine" in origin ? origin.originalLine + 1 : line;
    const name = found.name ?? `${found.around}:${sourceLine}`;
    return insertionsOf(node, { file, name, start: node.start });
  });
  return insertAll(code, insertions);
};
