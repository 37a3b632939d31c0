/** The names by which the modules of the package know each other. */
import path from "node:path";
import ts from "typescript";

/** Gives the values that a lazy module exports, in the order in which its function returns them; undefined for any other file. */
export type Library = (file: string) => readonly string[] | undefined;

/** A name that a file imports from a lazy module. */
export interface Imported {
  /** What the file calls the module's function. */
  readonly module: ts.Identifier;
  /** Where the value stands among those that the function returns. */
  readonly at: number;
}

export interface Imports {
  /** The lazy modules that the file needs, by specifier. */
  readonly modules: ReadonlyMap<string, ts.Identifier>;
  readonly names: ReadonlyMap<string, Imported>;
  /** Returns where a value of another file is; undefined if that file is no lazy module. */
  readonly find: (specifier: string, name: string) => Imported | undefined;
  /** Whether an import is of a lazy module. */
  readonly isLazy: (node: ts.ImportDeclaration | ts.ExportDeclaration) => boolean;
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

const textOf = (name: ts.Node | undefined): string => {
  if (name === undefined || !ts.isIdentifier(name)) throw new Error("An export has one name");
  return name.text;
};

/** The values that a file exports, in their order. */
export const valuesOf = (file: ts.SourceFile): string[] =>
  file.statements.filter(isExported).flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => textOf(name));
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
      ? [textOf(statement.name)]
      : [];
  });

const specifierOf = (node: ts.ImportDeclaration | ts.ExportDeclaration): string =>
  node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)
    ? node.moduleSpecifier.text
    : "";

/** What a statement imports by name, without types: its own name for it, and the exporter's. */
const namesIn = (statement: ts.Statement): { own: string; theirs: string; from: string }[] => {
  if (!ts.isImportDeclaration(statement)) return [];
  const bindings = statement.importClause?.namedBindings;
  if (statement.importClause?.phaseModifier !== undefined || bindings === undefined) return [];
  if (!ts.isNamedImports(bindings)) return [];
  return bindings.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName = name }) => ({
      own: name.text,
      theirs: propertyName.text,
      from: specifierOf(statement),
    }));
};

/**
 * Reads what a file imports.
 *
 * @throws Error if it imports from a lazy module what that does not export by name.
 */
export const importsOf = (source: ts.SourceFile, library: Library): Imports => {
  const modules = new Map<string, ts.Identifier>();
  const valuesAt = (specifier: string) =>
    specifier.startsWith(".")
      ? library(path.join(path.dirname(source.fileName), `${specifier}.ts`))
      : undefined;
  const moduleAt = (specifier: string): ts.Identifier => {
    const name = path.basename(specifier).replace(/\W/g, "_");
    const module = modules.get(specifier) ?? ts.factory.createUniqueName(name);
    modules.set(specifier, module);
    return module;
  };
  const find = (specifier: string, name: string): Imported | undefined => {
    const values = valuesAt(specifier);
    if (values === undefined) return undefined;
    if (!values.includes(name)) throw new Error(`${source.fileName}: no ${name} in ${specifier}`);
    return { module: moduleAt(specifier), at: values.indexOf(name) };
  };
  const names = new Map<string, Imported>();
  for (const { own, theirs, from } of source.statements.flatMap(namesIn)) {
    const found = find(from, theirs);
    if (found !== undefined) names.set(own, found);
  }
  return { modules, names, find, isLazy: (node) => valuesAt(specifierOf(node)) !== undefined };
};
