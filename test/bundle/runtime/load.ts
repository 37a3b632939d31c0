/** Bundles a module as Convex does, and evaluates it in a context that has what Convex has. */
import path from "node:path";
import { Script } from "node:vm";
import { build, type Plugin } from "esbuild";
import { Clock } from "./clock";
import { newContext, type Surroundings } from "./context";
import type { Kind } from "./phase";

/** A module with all that it imports, as one script. */
export interface Bundle {
  readonly file: string;
  readonly script: string;
  /** Its own file and every file that it imports, with sizes in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

/** A module, evaluated in a fresh context with all that it imports, as Convex does for every call. */
export interface Loaded {
  readonly exports: Record<string, unknown>;
  /** What its functions have asked of Convex so far (queries, identity, …). Each such call fails. */
  readonly syscalls: readonly string[];
  readonly files: Bundle["files"];
}

/** @throws what esbuild throws, such as for a module of Node's. */
export const bundle = async (file: string, plugins: Plugin[] = []): Promise<Bundle> => {
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
    plugins,
  });
  const files = Object.entries(metafile.inputs).map(
    ([name, { bytes }]) => [path.resolve(dir, name), bytes] as const,
  );
  return { file, script: outputFiles[0]?.text ?? "", files: new Map(files) };
};

/**
 * @param kind - what is going to run; what it may do depends on it.
 * @throws what the module throws, such as a ReferenceError for a global that Convex lacks.
 */
export const evaluate = (
  { script, file }: Bundle,
  surroundings: Surroundings,
  kind: Exclude<Kind, "import"> = "action",
): Loaded["exports"] => {
  const { context, phase } = newContext(surroundings);
  new Script(script, { filename: file }).runInContext(context);
  phase.enter(kind);
  return context.loaded as Loaded["exports"];
};

/**
 * Bundles and evaluates a module that is to do without Convex.
 *
 * @throws what `bundle` and `evaluate` throw.
 */
export const load = async (file: string): Promise<Loaded> => {
  const syscalls: string[] = [];
  const syscall = (name: string) => {
    syscalls.push(name);
    throw new Error(`asked Convex for ${name}`);
  };
  const bundled = await bundle(file);
  const exports = evaluate(bundled, { env: {}, clock: new Clock(), errors: [], syscall });
  return { exports, syscalls, files: bundled.files };
};
