/** Reads an app: its modules, and the functions that they export. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Metafile } from "esbuild";
import { bundle, bundleAlone, type Bundled } from "./bundle";
import type { Evaluated, Exported, Timed } from "./child";
import { environmentOf } from "./environment";
import { evaluate, type Evaluation, type Unread } from "./evaluate";
import { fileOf, modulesIn, type Module } from "./modules";
import type { Project } from "./project";
import { reader, type Told } from "./reach";

/** A Convex function of the app. */
export interface AppFunction extends Exported {
  /** `erp/orders` */
  readonly module: string;
}

/** What http.ts weighs. Convex evaluates all that it imports for each request. */
export interface Weight {
  /** How many times as long as an empty one it takes to evaluate; undefined if it cannot be evaluated. */
  readonly times?: number | undefined;
  readonly bytes: number;
  /** Packages, and the app's own code as one, the heaviest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** An app, as it was read. */
export interface App {
  readonly project: Project;
  readonly modules: ReadonlyMap<string, Evaluated>;
  readonly functions: readonly AppFunction[];
  readonly unread: readonly Unread[];
  /** Tells of a function what its text says. It parses the modules that the function reaches, so it takes a while for many. */
  readonly tell: (fn: AppFunction) => Told;
  /** Undefined if there is no http.ts, or it cannot be bundled. */
  readonly http?: Weight | undefined;
}

/** The package of a file, or "the app". */
const partOf = (file: string): string => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? "the app";
};

const weightOf = ({ outputs }: Metafile, times: number | undefined): Weight => {
  const parts = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [file, { bytesInOutput }] of Object.entries(inputs))
      parts.set(partOf(file), (parts.get(partOf(file)) ?? 0) + bytesInOutput);
  const sorted = [...parts].sort(([, a], [, b]) => b - a);
  return {
    times,
    bytes: sorted.reduce((sum, [, bytes]) => sum + bytes, 0),
    parts: sorted.map(([name, bytes]) => ({ name, bytes })),
  };
};

const EMPTY = 'import { httpRouter } from "convex/server"; export default httpRouter();';

const timedIn = async (project: Project, outdir: string) => {
  const file = fileOf(project.convex, "http");
  if (file === undefined) return undefined;
  const scripts = {
    http: path.join(outdir, "toolgate-http.js"),
    empty: path.join(outdir, "toolgate-empty.js"),
  };
  try {
    await bundleAlone(project, { contents: EMPTY, resolveDir: project.convex }, scripts.empty);
    return { scripts, metafile: await bundleAlone(project, file, scripts.http) };
  } catch {
    // The module itself is named among those that cannot be bundled.
    return undefined;
  }
};

const evaluateAll = async (
  project: Project,
  outdir: string,
  bundles: readonly Bundled[],
  timed: Timed | undefined,
): Promise<Evaluation> => {
  const env = environmentOf(project.root);
  const evaluations: Evaluation[] = [];
  for (const [index, { files }] of bundles.entries()) {
    const ask = { modules: [...files], ...(index === 0 ? { timed } : {}) };
    evaluations.push(await evaluate(project.esbuild, outdir, ask, env));
  }
  return {
    modules: new Map(evaluations.flatMap(({ modules }) => [...modules])),
    unread: evaluations.flatMap(({ unread }) => unread),
    times: evaluations[0]?.times,
  };
};

const functionsIn = (evaluated: ReadonlyMap<string, Evaluated>): AppFunction[] =>
  [...evaluated]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([module, { functions }]) => functions.map((one) => ({ ...one, module })));

const teller = (
  project: Project,
  modules: readonly Module[],
  bundles: readonly Bundled[],
): App["tell"] => {
  const tell = reader(
    project.root,
    Object.fromEntries(bundles.flatMap(({ inputs }) => Object.entries(inputs))),
  );
  const files = new Map(modules.map(({ name, file }) => [name, file]));
  return ({ module, name }) => {
    const file = path.relative(project.root, files.get(module) ?? "");
    return tell(file.split(path.sep).join("/"), name);
  };
};

const schemaOf = (convex: string): Module[] => {
  const file = fileOf(convex, "schema");
  return file === undefined ? [] : [{ name: "schema", file, runtime: "convex" }];
};

/** Which modules are read: all, unless some are named. */
type Only = readonly string[] | undefined;

const readInto = async (project: Project, outdir: string, only: Only): Promise<App> => {
  const modules = [...modulesIn(project.convex), ...schemaOf(project.convex)].filter(
    ({ name }) => only?.includes(name) ?? true,
  );
  const of = (runtime: Module["runtime"]) => modules.filter((one) => one.runtime === runtime);
  const [timed, ...bundles] = await Promise.all([
    only === undefined ? timedIn(project, outdir) : undefined,
    bundle(project, of("convex"), path.join(outdir, "convex")),
    bundle(project, of("node"), path.join(outdir, "node")),
  ]);
  const found = await evaluateAll(project, outdir, bundles, timed?.scripts);
  const unbundled = bundles.flatMap(({ faults }) =>
    [...faults].map(([module, why]) => ({ module, why, unset: [] })),
  );
  return {
    project,
    modules: found.modules,
    functions: functionsIn(found.modules),
    unread: [...unbundled, ...found.unread],
    tell: teller(project, modules, bundles),
    http: timed && weightOf(timed.metafile, found.times),
  };
};

/**
 * Reads an app. It writes to a temporary folder only. Modules that cannot be bundled or evaluated are named in `unread`.
 *
 * @param only - the names of modules; then no other is read, and http.ts is not weighed.
 */
export const readApp = async (project: Project, only?: Only): Promise<App> => {
  const outdir = await mkdtemp(path.join(tmpdir(), "toolgate-app-"));
  try {
    return await readInto(project, outdir, only);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
};
