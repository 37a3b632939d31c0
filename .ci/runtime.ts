/** Stands in for Convex's JavaScript runtime, near enough to find what would fail there: its globals and no others. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createContext, runInContext } from "node:vm";
import { build, transform } from "esbuild";
import { missing, present } from "./globals.js";

/** A module, evaluated in a fresh context with all that it imports, as Convex does for every call. */
export interface Loaded {
  readonly exports: Record<string, unknown>;
  /** What its functions have asked of Convex so far (queries, identity, …). Each such call fails. */
  readonly syscalls: readonly string[];
  /** Its own file and every file that it imports, with sizes in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

const newContext = (syscalls: string[]) => {
  const refuse = (name: string) => {
    syscalls.push(name);
    throw new Error(`asked Convex for ${name}`);
  };
  const context = createContext({
    ...Object.fromEntries(present.map((name) => [name, Reflect.get(globalThis, name) as unknown])),
    AsyncLocalStorage,
    AsyncResource,
    process: { env: {} },
    Convex: { syscall: refuse, asyncSyscall: refuse, jsSyscall: refuse },
  });
  runInContext("self = globalThis", context);
  return context;
};

/**
 * Evaluates a bundled module.
 *
 * @throws what the module throws, such as a ReferenceError for a global that Convex lacks.
 */
export const load = async (file: string): Promise<Loaded> => {
  const dir = path.dirname(file);
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    absWorkingDir: dir,
    bundle: true,
    platform: "browser",
    target: "esnext",
    // Without a flag node:vm runs no modules, only scripts.
    format: "iife",
    globalName: "loaded",
    // Convex evaluates all that a module imports, used or not.
    treeShaking: false,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const syscalls: string[] = [];
  const context = newContext(syscalls);
  runInContext(outputFiles[0]?.text ?? "", context, { filename: file });
  const files = Object.entries(metafile.inputs).map(
    ([name, { bytes }]) => [path.resolve(dir, name), bytes] as const,
  );
  return { exports: context.loaded as Loaded["exports"], syscalls, files: new Map(files) };
};

const MARK = "missingGlobal";

/**
 * Which globals that Convex lacks a file uses anywhere, also in code that nothing has run. A file that tests a name by `typeof`
 * knows that it may be missing, so there the name is not reported.
 */
export const missingGlobals = async (file: string): Promise<string[]> => {
  // esbuild's `define` replaces exactly the names that no scope of the file declares.
  const define = Object.fromEntries(missing.map((name) => [name, `${MARK}.${name}`]));
  const { code } = await transform(await readFile(file, "utf8"), { define, target: "esnext" });
  return missing.filter(
    (name) =>
      new RegExp(`\\b${MARK}\\.${name}\\b`).test(code) && !code.includes(`typeof ${MARK}.${name}`),
  );
};
