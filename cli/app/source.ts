/** Reads what no evaluation tells from the text of a module: its comments, and what a function's code reaches. */
import { parse, type Comment, type Syntax } from "./syntax";

/** A declaration at the top level of a module. */
interface Declared {
  /** Its code, without comments. */
  readonly text: string;
  /** The JSDoc in front of it, without tags; undefined if there is none. */
  readonly doc?: string | undefined;
}

/** A name that comes from another module. */
interface Imported {
  /** As written: `./lib/auth`. */
  readonly from: string;
  /** The name there; `*` for all of it. */
  readonly name: string;
}

/** A module as its text declares it. */
export interface Source {
  /** Name inside the module → its declaration. */
  readonly declared: ReadonlyMap<string, Declared>;
  readonly imported: ReadonlyMap<string, Imported>;
  /** Name outside → name inside, or where it comes from. */
  readonly exported: ReadonlyMap<string, string | Imported>;
  /** Modules of which all is exported. */
  readonly exportedAll: readonly string[];
}

const isDoc = ({ isBlock, text }: Comment): boolean => isBlock && text.startsWith("*");

/** The words of a JSDoc, up to its first tag. */
const wordsOf = ({ text }: Comment): string =>
  (text.slice(1).split(/^[\s*]*@/m)[0] ?? "")
    .replace(/^\s*\* ?/gm, "")
    .replace(/\{@link\s+([^}]*)\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();

/** One text, with what its parts need to be cut out. */
class Reading {
  readonly declared = new Map<string, Declared>();
  readonly imported = new Map<string, Imported>();
  readonly exported = new Map<string, string | Imported>();
  readonly exportedAll: string[] = [];

  constructor(
    private readonly text: string,
    private readonly comments: readonly Comment[],
  ) {}

  /** The text of a node with its comments blanked out. */
  private codeOf({ start, end }: Syntax): string {
    const inside = this.comments.filter((one) => one.start >= start && one.end <= end);
    return inside.reduceRight(
      (code, one) => code.slice(0, one.start - start) + " " + code.slice(one.end - start),
      this.text.slice(start, end),
    );
  }

  /** The JSDoc that ends right in front of a statement. */
  private docOf({ start }: Syntax): string | undefined {
    const doc = this.comments.findLast((one) => one.end <= start);
    if (doc === undefined || !isDoc(doc) || this.text.slice(doc.end, start).trim() !== "")
      return undefined;
    return wordsOf(doc) || undefined;
  }

  /** Takes in a declaration. `whole` is the statement that a JSDoc stands in front of. */
  declare(declaration: Syntax, whole: Syntax, isExported: boolean): void {
    const doc = this.docOf(whole);
    for (const [name, node] of namesOf(declaration)) {
      this.declared.set(name, { text: this.codeOf(node), doc });
      if (isExported) this.exported.set(name, name);
    }
  }

  declareDefault(declaration: Syntax, whole: Syntax): void {
    const name = declaration.type === "Identifier" ? String(declaration.name) : "*default";
    this.exported.set("default", name);
    if (name === "*default")
      this.declared.set(name, { text: this.codeOf(declaration), doc: this.docOf(whole) });
  }

  export(specifiers: readonly Syntax[], from: string | undefined): void {
    for (const { local, exported } of specifiers) {
      const name = nameIn(local);
      this.exported.set(nameIn(exported), from === undefined ? name : { from, name });
    }
  }

  import(specifiers: readonly Syntax[], from: string): void {
    for (const { type, local, imported } of specifiers) {
      const name = type === "ImportSpecifier" ? nameIn(imported) : "*";
      const there = type === "ImportDefaultSpecifier" ? "default" : name;
      this.imported.set(nameIn(local), { from, name: there });
    }
  }
}

/** The name of an identifier or of a string that stands for one. */
const nameIn = (node: unknown): string => {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? "";
};

/** The names that a pattern binds: `{ a, b: c }`, `[d]`. */
const boundBy = (pattern: Syntax): string[] => {
  const { type } = pattern;
  if (type === "Identifier") return [String(pattern.name)];
  const inner = (pattern.properties ?? pattern.elements ?? []) as (Syntax | null)[];
  const more = [pattern.value, pattern.left, pattern.argument] as (Syntax | undefined)[];
  return [...inner, ...more].flatMap((one) => (one ? boundBy(one) : []));
};

const namesOf = (declaration: Syntax): [name: string, node: Syntax][] => {
  const { declarations, id } = declaration;
  if (declarations !== undefined)
    return (declarations as Syntax[]).flatMap((one) =>
      boundBy(one.id as Syntax).map((name): [string, Syntax] => [name, one]),
    );
  return id ? [[nameIn(id), declaration]] : [];
};

const sourceOf = ({ source }: Syntax): string | undefined =>
  source ? String((source as Syntax).value) : undefined;

const readStatement = (reading: Reading, statement: Syntax): void => {
  const from = sourceOf(statement) ?? "";
  const specifiers = (statement.specifiers ?? []) as Syntax[];
  const declaration = statement.declaration as Syntax | undefined;
  switch (statement.type) {
    case "ImportDeclaration":
      reading.import(specifiers, from);
      return;
    case "ExportAllDeclaration":
      if (!statement.exported) reading.exportedAll.push(from);
      return;
    case "ExportDefaultDeclaration":
      if (declaration) reading.declareDefault(declaration, statement);
      return;
    case "ExportNamedDeclaration":
      if (declaration) reading.declare(declaration, statement, true);
      else reading.export(specifiers, from || undefined);
      return;
    default:
      reading.declare(statement, statement, false);
  }
};

/**
 * Reads the text of a module.
 *
 * @param file - whose name tells the language.
 * @returns undefined if the text cannot be parsed.
 */
export const readSource = (file: string, text: string): Source | undefined => {
  try {
    const { body, comments } = parse(file, text);
    const reading = new Reading(text, comments);
    for (const statement of body) readStatement(reading, statement);
    return reading;
  } catch {
    return undefined;
  }
};
