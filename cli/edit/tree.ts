/** Finds what the commands change in a parsed module. */
import type { Syntax } from "../app/syntax";

/** An expression without `as const`, `satisfies …` and parentheses. */
export const bare = (node: Syntax): Syntax =>
  /^TS(?:As|Satisfies|NonNull)Expression$/.test(node.type) ? bare(node.expression as Syntax) : node;

const declaratorsIn = (statement: Syntax): Syntax[] => {
  const { type, declaration, declarations } = statement;
  if (type === "ExportNamedDeclaration" && declaration) return declaratorsIn(declaration as Syntax);
  return type === "VariableDeclaration" ? (declarations as Syntax[]) : [];
};

/** The value of each `const name = …` at the top level. */
export const constants = (body: readonly Syntax[]): [name: string, value: Syntax][] =>
  body.flatMap(declaratorsIn).flatMap(({ id, init }) => {
    const { type, name } = id as Syntax;
    return init ? [[type === "Identifier" ? String(name) : "", bare(init as Syntax)]] : [];
  });

/** The value of the constant of this name; undefined if there is none. */
export const constant = (body: readonly Syntax[], name: string): Syntax | undefined =>
  constants(body).find(([one]) => one === name)?.[1];

/** The expression of `export default …`; for a name, the value of that constant. */
export const defaultExport = (body: readonly Syntax[]): Syntax | undefined => {
  const statement = body.find(({ type }) => type === "ExportDefaultDeclaration");
  if (statement === undefined) return undefined;
  const value = bare(statement.declaration as Syntax);
  return value.type === "Identifier" ? constant(body, String(value.name)) : value;
};

/** Whether an expression is a call of the function of this name. */
export const isCallOf = (node: Syntax | undefined, name: string): node is Syntax =>
  node?.type === "CallExpression" && (node.callee as Syntax).name === name;

/** The arguments of a call. */
export const argumentsOf = (call: Syntax): Syntax[] => (call.arguments as Syntax[]).map(bare);

/** The name of a property, as far as it is written out. */
export const keyOf = ({ key, computed }: Syntax): string | undefined => {
  const { name, value } = (key ?? {}) as { name?: string; value?: string };
  return computed === true ? value : (name ?? value);
};

/** The names of the properties of an object, as far as they are written out. */
export const keysOf = (object: Syntax): string[] =>
  (object.properties as Syntax[]).flatMap((property) => keyOf(property) ?? []);

/** All names that a module declares or imports at its top level, as far as they matter for a clash. */
export const namesTaken = (body: readonly Syntax[]): Set<string> =>
  new Set([
    ...constants(body).map(([name]) => name),
    ...body.flatMap(({ type, specifiers }) =>
      type === "ImportDeclaration"
        ? (specifiers as Syntax[]).map(({ local }) => String((local as Syntax).name))
        : [],
    ),
  ]);
