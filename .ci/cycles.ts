/**
 * Finds modules that import each other in a circle. In a bundle one of them is evaluated before what it imports exists, and only
 * there: a table built from such an import silently holds `undefined`.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** The modules of the app and the library by what they import, types left out. */
const importGraph = async (root: string): Promise<Map<string, string[]>> => {
  const files = await readdir(path.join(root, "convex"), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: files
      .filter((file) => /^[^.]+\.ts$/.test(file) && !file.startsWith("_generated"))
      .map((file) => path.join("convex", file)),
    ...{ bundle: true, write: false, outdir: "none", format: "esm", logLevel: "silent" },
    ...{ packages: "external", metafile: true },
  });
  return new Map(
    Object.entries(metafile.inputs).map(([file, { imports }]) => [
      file,
      imports.filter(({ external }) => external !== true).map((one) => one.path),
    ]),
  );
};

const cycleFrom = (
  graph: ReadonlyMap<string, string[]>,
  file: string,
  trail: readonly string[],
  done: Set<string>,
): string[] | undefined => {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const next of graph.get(file) ?? []) {
    const cycle = cycleFrom(graph, next, [...trail, file], done);
    if (cycle !== undefined) return cycle;
  }
  done.add(file);
  return undefined;
};

/** The first circle found, as a path; undefined if there is none. */
export const findCycle = async (root: string): Promise<string | undefined> => {
  const graph = await importGraph(root);
  const done = new Set<string>();
  for (const file of graph.keys()) {
    const cycle = cycleFrom(graph, file, [], done);
    if (cycle !== undefined) return cycle.join(" -> ");
  }
  return undefined;
};
