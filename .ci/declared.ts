/** The declarations of the package: those that a door leads to. No app can import another one. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";

/** The declarations that a text imports, also inside of a type. */
const importsIn = (text: string): string[] =>
  ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => `${fileName}.d.ts`);

/** Adds a declaration, and all that it leads to. */
const follow = async (file: string, reached: Set<string>): Promise<void> => {
  if (reached.has(file)) return;
  reached.add(file);
  for (const imported of importsIn(await readFile(file, "utf8")))
    await follow(path.resolve(path.dirname(file), imported), reached);
};

/**
 * Removes the declarations, and their maps, to which no door leads.
 *
 * @param dist - what the compiler has written, before its imports have extensions.
 */
export const removeUnreached = async (dist: string): Promise<void> => {
  const declarations = (await readdir(dist, { recursive: true }))
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => path.join(dist, file));
  const doors = path.join(dist, "src/entry");
  const reached = new Set<string>();
  for (const file of declarations) if (path.dirname(file) === doors) await follow(file, reached);
  for (const file of declarations.filter((one) => !reached.has(one)))
    await Promise.all([rm(file), rm(`${file}.map`)]);
};
