/** Bundles modules of an app with the esbuild and the settings that its own Convex bundles with. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { BuildFailure, BuildOptions, BuildResult, Metafile, Plugin } from "esbuild";
import type { Module } from "./modules";
import type { Project } from "./project";

/** What a module became, or why it cannot be bundled. */
export interface Bundled {
  /** Module → the absolute path of its code. */
  readonly files: ReadonlyMap<string, string>;
  /** Module → what the bundler says of it, in one line. */
  readonly faults: ReadonlyMap<string, string>;
  /** Which file imports which. Paths start at the root of the app. */
  readonly inputs: Metafile["inputs"];
}

const ANY_API = `import { anyApi, componentsGeneric } from "convex/server";
export const api = anyApi, internal = anyApi, components = componentsGeneric();`;

const GENERIC_SERVER = `import * as server from "convex/server";
export const query = server.queryGeneric, internalQuery = server.internalQueryGeneric;
export const mutation = server.mutationGeneric, internalMutation = server.internalMutationGeneric;
export const action = server.actionGeneric, internalAction = server.internalActionGeneric;
export const httpAction = server.httpActionGeneric;
export const env = new Proxy({}, { get: (_, name) => process.env[name] });`;

/** Stands in for generated files of an app that `npx convex dev` has not met yet. */
const generated: Plugin = {
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /(?:^|\/)_generated\/(?:api|server)(?:\.js)?$/ }, (args) => {
      const file = path.resolve(args.resolveDir, args.path).replace(/\.js$/, "");
      const isThere = [".js", ".ts"].some((extension) => existsSync(file + extension));
      const { resolveDir } = args;
      return isThere
        ? null
        : { path: path.basename(file), namespace: "generated", pluginData: { resolveDir } };
    });
    build.onLoad({ filter: /.*/, namespace: "generated" }, (args) => ({
      contents: args.path === "api" ? ANY_API : GENERIC_SERVER,
      resolveDir: (args.pluginData as { resolveDir: string }).resolveDir,
    }));
  },
};

/** What Convex gives an empty module of: `server-only`, WebAssembly, and async_hooks outside of Node. */
const stubs: Plugin = {
  name: "stubs",
  setup(build) {
    const filter =
      build.initialOptions.platform === "node"
        ? /^server-only$|\.wasm$/
        : /^server-only$|\.wasm$|^(?:node:)?async_hooks$/;
    build.onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: "stub" }));
    build.onLoad({ filter: /async_hooks$/, namespace: "stub" }, () => ({
      contents: 'export { AsyncLocalStorage, AsyncResource } from "node:async_hooks";',
    }));
    build.onResolve({ filter: /^node:async_hooks$/, namespace: "stub" }, ({ path: name }) => ({
      ...{ path: name, external: true },
    }));
    build.onLoad({ filter: /.*/, namespace: "stub" }, () => ({ contents: "export default {};" }));
  },
};

/** Leaves the packages that Convex installs on its servers where they are. */
const externals = (names: readonly string[]): Plugin => ({
  name: "externals",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, resolveDir, pluginData }) => {
      const found = names.some((one) => one === "*" || name === one || name.startsWith(`${one}/`));
      if (!found || pluginData === build) return null;
      const resolved = await build.resolve(name, { kind, resolveDir, pluginData: build });
      return resolved.errors.length > 0 ? null : { path: resolved.path, external: true };
    });
  },
});

/** The settings of Convex's bundler, less what only makes code small. */
const settings = (project: Project, runtime: Module["runtime"]) =>
  ({
    absWorkingDir: project.root,
    outbase: project.convex,
    bundle: true,
    platform: runtime === "node" ? "node" : "browser",
    target: "esnext",
    jsx: "automatic",
    conditions: ["convex", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    keepNames: true,
    metafile: true,
    logLevel: "silent",
    plugins: [generated, stubs, ...(runtime === "node" ? [externals(project.externals)] : [])],
  }) as const satisfies BuildOptions;

/** A CommonJS package inside an ES module asks for `require`. */
const REQUIRE = `import { createRequire as __toolgateRequire } from "node:module";
const require = __toolgateRequire(import.meta.url);`;

const building = (project: Project, modules: readonly Module[], outdir: string): BuildOptions => {
  const runtime = modules[0]?.runtime ?? "convex";
  return {
    ...settings(project, runtime),
    entryPoints: modules.map(({ file }) => file),
    outdir,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    splitting: true,
    chunkNames: "_deps/[hash]",
    ...(runtime === "node" ? { banner: { js: REQUIRE } } : {}),
  };
};

/** What the bundler says, in one line: its first error. */
const saidBy = (error: unknown): string => {
  const [first] = (error as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) return String(error);
  const { location, text } = first;
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
};

/** Modules that cannot be bundled by themselves. */
const faultsOf = async (
  project: Project,
  modules: readonly Module[],
): Promise<Map<string, string>> => {
  const said = await Promise.all(
    modules.map(async (module) => {
      try {
        await project.esbuild.build({ ...building(project, [module], "out"), write: false });
        return [];
      } catch (error) {
        return [[module.name, saidBy(error)] as const];
      }
    }),
  );
  return new Map(said.flat());
};

const build = async (
  project: Project,
  modules: readonly Module[],
  outdir: string,
): Promise<Bundled> => {
  const { metafile } = (await project.esbuild.build(
    building(project, modules, outdir),
  )) as BuildResult & { metafile: Metafile };
  const extension = /\.[^./\\]+$/;
  return {
    files: new Map(
      modules.map(({ name, file }) => [
        name,
        path.join(outdir, path.relative(project.convex, file).replace(extension, ".mjs")),
      ]),
    ),
    faults: new Map(),
    inputs: metafile.inputs,
  };
};

/**
 * Bundles modules of one runtime into a folder. Modules that cannot be bundled are named, and the rest goes on without them.
 *
 * @throws the bundler's own error, if all modules can be bundled, but not together.
 */
export const bundle = async (
  project: Project,
  modules: readonly Module[],
  outdir: string,
): Promise<Bundled> => {
  if (modules.length === 0) return { files: new Map(), faults: new Map(), inputs: {} };
  try {
    return await build(project, modules, outdir);
  } catch (error) {
    const faults = await faultsOf(project, modules);
    if (faults.size === 0) throw error;
    const rest = modules.filter(({ name }) => !faults.has(name));
    return { ...(await bundle(project, rest, outdir)), faults };
  }
};

/** One script with all that a module imports. The module is a file, or a text and the folder that it stands in. */
export const bundleAlone = async (
  project: Project,
  module: string | { readonly contents: string; readonly resolveDir: string },
  outfile: string,
): Promise<Metafile> => {
  const { metafile } = await project.esbuild.build({
    ...settings(project, "convex"),
    ...(typeof module === "string" ? { entryPoints: [module] } : { stdin: module }),
    outfile,
    format: "iife",
    minifySyntax: true,
    minifyIdentifiers: true,
  });
  return metafile;
};
