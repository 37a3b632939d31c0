/** Reads the text of tools.ts, and of the modules that it takes entries from. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileOf } from "../app/modules";
import { parse, type Syntax } from "../app/syntax";
import { bare, constant, defaultExport, keyOf } from "./tree";

/** The parsed text of a module. */
export interface Text {
  /** Absolute. */
  readonly file: string;
  readonly body: readonly Syntax[];
}

/** A property of an object, with the text that it stands in. */
export interface Written {
  readonly name: string;
  readonly text: Text;
  readonly node: Syntax;
}

/** Reads a module; undefined if its text cannot be parsed. */
export const readText = (file: string): Text | undefined => {
  try {
    return { file, body: parse(file, readFileSync(file, "utf8")).body };
  } catch {
    return undefined;
  }
};

/** A name that a text imports: where from, and its name there. */
export const importOf = (
  { body }: Text,
  local: string,
): { readonly from: string; readonly name: string } | undefined => {
  for (const { type, specifiers, source } of body) {
    if (type !== "ImportDeclaration") continue;
    const one = (specifiers as Syntax[]).find((each) => (each.local as Syntax).name === local);
    if (one === undefined) continue;
    const { name } = (one.imported ?? { name: "default" }) as { name?: string };
    return { from: String((source as Syntax).value), name: name ?? "" };
  }
  return undefined;
};

/** The value that a name stands for, here or in the module that it is imported from. */
const valueOf = (text: Text, name: string): { text: Text; node: Syntax } | undefined => {
  const here = constant(text.body, name);
  if (here !== undefined) return { text, node: here };
  const imported = importOf(text, name);
  if (imported?.from.startsWith(".") !== true) return undefined;
  const file = fileOf(path.dirname(text.file), imported.from.replace(/\.[jt]s$/, ""));
  const there = file === undefined ? undefined : readText(file);
  if (there === undefined) return undefined;
  const node =
    imported.name === "default" ? defaultExport(there.body) : constant(there.body, imported.name);
  return node && { text: there, node };
};

/** The properties of an object in the order of the text, with those of the objects that it spreads. What is computed is left out. */
export const propertiesOf = (text: Text, object: Syntax, depth = 0): Written[] => {
  if (object.type === "Identifier" && depth < 8) {
    const value = valueOf(text, String(object.name));
    return value === undefined ? [] : propertiesOf(value.text, value.node, depth + 1);
  }
  if (object.type !== "ObjectExpression") return [];
  return (object.properties as Syntax[]).flatMap((node) => {
    if (node.type === "SpreadElement")
      return propertiesOf(text, bare(node.argument as Syntax), depth);
    const name = keyOf(node);
    return name === undefined ? [] : [{ name, text, node }];
  });
};
