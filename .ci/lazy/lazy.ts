/**
 * What the build makes of a module of src/. Convex evaluates all that `http.ts` imports anew for every request, so each module of the
 * package is a function that is run when something of the module is first used. A door (src/entry/) is an ordinary module, since the app
 * imports names from it.
 *
 * Convex's bundler has every function told its name where JavaScript would give it one, which costs more than to make the function. So
 * no function of the package stands where it would get one.
 *
 * dist/src/base/defined.js, for example: `export default lazy(() => { const defined = …; return [defined]; })`, and one that uses it:
 * `import defined_1 from "../base/defined.js"` and `defined_1()[0](…)`.
 */
import path from "node:path";
import ts from "typescript";
import { importsOf, type Imports, type Library } from "./names";
import { referring } from "./references";

const { factory } = ts;

/** The file beside the modules that all of them import. */
export const RUNTIME = {
  file: "lazy.js",
  text: `/** Makes a module: a function that evaluates it when it is first called, and returns its values. */
export const lazy = (evaluate) => {
  let values;
  return () => (values ??= evaluate());
};

/** One value of a module, for a door. */
export const pick = (module, at) => module()[at];
`,
} as const;

type Need = "lazy" | "pick";

/** A call that the bundler leaves out if nobody uses what it returns. */
const pure = (name: Need, ...args: ts.Expression[]): ts.Expression =>
  ts.addSyntheticLeadingComment(
    factory.createCallExpression(factory.createIdentifier(name), undefined, args),
    ts.SyntaxKind.MultiLineCommentTrivia,
    " @__PURE__ ",
  );

const importing = (clause: ts.ImportClause, specifier: string): ts.Statement =>
  factory.createImportDeclaration(undefined, clause, factory.createStringLiteral(specifier));

const importOfModules = ({ modules }: Imports): ts.Statement[] =>
  Array.from(modules, ([specifier, name]) =>
    importing(factory.createImportClause(undefined, name, undefined), specifier),
  );

const importOfRuntime = (from: string, runtime: string, name: Need): ts.Statement => {
  const relative = path.relative(path.dirname(from), runtime).replace(/\.js$/, "");
  const named = factory.createImportSpecifier(false, undefined, factory.createIdentifier(name));
  return importing(
    factory.createImportClause(undefined, undefined, factory.createNamedImports([named])),
    relative.startsWith(".") ? relative : `./${relative}`,
  );
};

/** `export { a } from "…"` of a door, as `export const a = pick(…)`. */
const picks = ({ exportClause, moduleSpecifier }: ts.ExportDeclaration, { find }: Imports) => {
  if (exportClause === undefined || !ts.isNamedExports(exportClause))
    throw new Error("A door exports by name");
  const specifier = (moduleSpecifier as ts.StringLiteral).text;
  return exportClause.elements.flatMap(({ isTypeOnly, name, propertyName = name }) => {
    const found = isTypeOnly ? undefined : find(specifier, propertyName.text);
    if (found === undefined) return [];
    const value = pure("pick", found.module, factory.createNumericLiteral(found.at));
    return factory.createVariableStatement(
      [factory.createModifier(ts.SyntaxKind.ExportKeyword)],
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(name.text, undefined, undefined, value)],
        ts.NodeFlags.Const,
      ),
    );
  });
};

/** What a function may hold: no `export`. */
const unexported = (statement: ts.Statement): ts.Statement => {
  const own = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  const modifiers = own?.filter(({ kind }) => kind !== ts.SyntaxKind.ExportKeyword);
  if (ts.isVariableStatement(statement))
    return factory.updateVariableStatement(statement, modifiers, statement.declarationList);
  if (ts.isFunctionDeclaration(statement))
    return factory.updateFunctionDeclaration(
      ...([statement, modifiers, statement.asteriskToken, statement.name] as const),
      ...([statement.typeParameters, statement.parameters, statement.type] as const),
      statement.body,
    );
  if (ts.isClassDeclaration(statement))
    return factory.updateClassDeclaration(
      ...([statement, modifiers, statement.name, statement.typeParameters] as const),
      ...([statement.heritageClauses, statement.members] as const),
    );
  return statement;
};

const module = (body: readonly ts.Statement[], values: readonly string[]): ts.Statement => {
  const names = values.map((name) => factory.createIdentifier(name));
  const returned = factory.createReturnStatement(factory.createArrayLiteralExpression(names));
  const whole = factory.createBlock([...body.map(unexported), returned], true);
  const evaluate = factory.createArrowFunction(
    undefined,
    undefined,
    [],
    undefined,
    undefined,
    whole,
  );
  // Its comments stand in the source, to which the map leads.
  ts.setEmitFlags(evaluate, ts.EmitFlags.NoNestedComments);
  return factory.createExportDefault(pure("lazy", evaluate));
};

/**
 * Makes the modules of the package lazy, as a transformer for TypeScript's own emit.
 *
 * @param library - the lazy modules.
 * @param root - the folder of the modules and the doors. Files elsewhere only use them.
 * @throws Error (the transformer) for a module that exports in another way than by `export` before what it declares.
 */
export const lazily =
  (library: Library, root: string): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (source) => {
    const { fileName, statements } = source;
    const values = library(fileName);
    const imports = importsOf(source, library);
    const refer = referring(imports, !fileName.startsWith(`${root}/`), context);
    const shows = (node: ts.Statement): node is ts.ExportDeclaration =>
      ts.isExportDeclaration(node) && !node.isTypeOnly && imports.isLazy(node);
    const body = statements
      .filter((node) => !ts.isImportDeclaration(node))
      .flatMap((node) => (shows(node) ? picks(node, imports) : [refer(node)]));
    if (values !== undefined && statements.some(ts.isExportDeclaration))
      throw new Error(`${fileName} exports what it does not declare`);
    const needs = values === undefined ? (["pick"] as const) : (["lazy"] as const);
    const isNeeded = values !== undefined || statements.some(shows);
    return factory.updateSourceFile(source, [
      ...statements.filter(ts.isImportDeclaration).filter((node) => !imports.isLazy(node)),
      ...importOfModules(imports),
      ...(isNeeded ? needs : []).map((name) =>
        importOfRuntime(fileName, path.join(root, RUNTIME.file), name),
      ),
      ...(values === undefined ? body : [module(body, values)]),
    ]);
  };
