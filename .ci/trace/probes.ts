/** Puts a probe into every function of a module. It reports when a run enters the function. V8's counts have no order. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { parse, type Node } from "acorn";

/** A function that was entered: its file, with the path from the root of the repository, and its name. */
export interface Entered {
  readonly file: string;
  readonly name: string;
  /** The position of the function in the loaded module. It distinguishes functions of the same name. */
  readonly start: number;
}

declare global {
  /** Called when a function is entered while a run is recorded. A global, because the modules with probes cannot import it. */
  var toolgateEntered: ((entered: Entered) => void) | undefined;
}

type Tree = Node & Readonly<Record<string, unknown>>;

interface Found {
  readonly node: Tree;
  /** Undefined for a function without a name, such as a callback. */
  readonly name: string | undefined;
  /** The name of the nearest named function around it. Outside of all functions, the name of the variable being defined. */
  readonly around: string;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && "type" in value;

const isFunction = ({ type }: Tree): boolean =>
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(type);

/** Returns the name of a variable, member, class or function; undefined if the node has none. */
const nameIn = (code: string, { id, key }: Tree): string | undefined => {
  const named = isTree(id) ? id : key;
  if (!isTree(named) || named.type.endsWith("Pattern")) return undefined;
  return code.slice(named.start, named.end);
};

/**
 * Returns all functions in a node, outer ones first.
 *
 * @param given - the name of the variable or member whose value the node is. In `f = () => () => 1`, both functions get the name `f`.
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
 * Adds a probe to each function of a module. A function without a name is reported by the name around it and its line: `mcp:85`.
 *
 * @param file - the path that the probes report.
 * @param code - of an ES module.
 * @param map - the source map of `code`, for the line numbers.
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
