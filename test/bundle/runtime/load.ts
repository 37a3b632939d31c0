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

/** What surrounds a module that is only evaluated: no function of it runs, so it has nothing to ask of Convex. */
export const alone = (): Surroundings => ({
  ...{ env: {}, clock: new Clock(), errors: [] },
  syscall: (name) => {
    throw new Error(`asked Convex for ${name}`);
  },
});

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
 * Evaluates a bundle in a fresh context.
 *
 * @returns its exports, and what to tell which kind of function is going to run.
 * @throws what the module throws, such as a ReferenceError for a global that Convex lacks.
 */
export const evaluate = ({ script, file }: Bundle, surroundings: Surroundings) => {
  const { context, phase } = newContext(surroundings);
  new Script(script, { filename: file }).runInContext(context);
  return { exports: context.loaded as Loaded["exports"], phase };
};

/**
 * Bundles and evaluates a module that is to do without Convex.
 *
 * @param kind - what its functions are.
 * @throws what `bundle` and `evaluate` throw.
 */
export const load = async (file: string, kind: Kind = "action"): Promise<Loaded> => {
  const syscalls: string[] = [];
  const syscall = (name: string) => {
    syscalls.push(name);
    throw new Error(`asked Convex for ${name}`);
  };
  const bundled = await bundle(file);
  const surroundings = { env: {}, clock: new Clock(), errors: [], syscall };
  const { exports, phase } = evaluate(bundled, surroundings);
  phase.enter(kind);
  return { exports, syscalls, files: bundled.files };
};
