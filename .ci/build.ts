/**
 * `npm run build`: writes the package's JavaScript, with source maps and declarations, file by file, to dist/, the operator's console to
 * dist/console/, and the ERP's views to their module. It checks no types, which `npm run types` does.
 *
 * One file stays one file, so that Convex's bundler takes just what a door needs, as it does in this repository. The native compiler
 * writes the declarations, the other one the JavaScript, since only that takes a transformer (see lazy/lazy.ts). All that their output
 * lacks for Node is the extension of each import.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { buildConsole } from "./console";
import { removeUnreached } from "./declared";
import { lazily, RUNTIME } from "./lazy/lazy";
import { valuesOf } from "./lazy/names";
import { buildViews } from "./views";

const root = path.resolve(import.meta.dirname, "..");
const dist = path.join(root, "dist");
const compiler = path.join(root, "node_modules/@typescript/native/bin/tsc");

/** The specifiers of a text in the order from its end, so that a change moves none of those that are left. */
const specifiersIn = (text: string) =>
  ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .sort((a, b) => b.pos - a.pos);

/** Gives each relative import its extension. @throws Error if an import names no file */
const complete = async (file: string): Promise<void> => {
  const text = await readFile(file, "utf8");
  let completed = text;
  for (const { fileName, end } of specifiersIn(text)) {
    if (!existsSync(path.join(path.dirname(file), `${fileName}.js`)))
      throw new Error(`${path.relative(root, file)} imports ${fileName}, which is no file`);
    // `end` is the last letter's, because the quote is not counted.
    completed = `${completed.slice(0, end + 1)}.js${completed.slice(end + 1)}`;
  }
  await writeFile(file, completed);
};

/** Everything of src/ but its doors is lazy. */
const libraryOf = (program: ts.Program) => {
  const src = path.join(root, "src");
  const known = new Map(
    program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(`${src}/`))
      .filter(({ fileName }) => !fileName.startsWith(`${src}/entry/`))
      .map((file) => [file.fileName, valuesOf(file)]),
  );
  return lazily((file) => known.get(file), src);
};

/** Writes the JavaScript. Nothing is resolved: what an import means can be read in the file itself. */
const emitCode = (): void => {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(root, "tsconfig.build.json"),
    { noResolve: true, noLib: true, types: [], declaration: false, declarationMap: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (config === undefined) throw new Error("tsconfig.build.json cannot be read");
  const program = ts.createProgram(config.fileNames, config.options);
  program.emit(undefined, undefined, undefined, false, { before: [libraryOf(program)] });
  ts.sys.writeFile(path.join(dist, "src", RUNTIME.file), RUNTIME.text);
};

/** Makes dist/ anew. @throws Error with what the compiler says */
export const buildPackage = async (): Promise<void> => {
  await rm(dist, { recursive: true, force: true });
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--emitDeclarationOnly"];
  const declared = promisify(execFile)(process.execPath, [compiler, ...options], { cwd: root });
  emitCode();
  await declared;
  await removeUnreached(dist);
  const files = await readdir(dist, { recursive: true });
  const code = files.filter((file) => /\.(js|d\.ts)$/.test(file));
  await Promise.all(code.map((file) => complete(path.join(dist, file))));
  await buildConsole();
};

if (process.argv[1] === import.meta.filename) await Promise.all([buildPackage(), buildViews()]);
