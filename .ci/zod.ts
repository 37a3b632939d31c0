/**
 * Who brings zod along. Convex evaluates all that a module imports, anew for each call, and zod is ten times as heavy as a tool: so only
 * the catalog may have it, whose answer Convex keeps.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { build, type Metafile } from "esbuild";

const ZOD = "node_modules/zod/";

/** What is no module of an app, or may hold zod: the catalog; types and tests. */
const ELSEWHERE = /(^|\/)(_generated\/|toolgate\/catalog\.ts$)|\.(test|slow|d)\.ts$/;

const graphOf = async (root: string, file: string): Promise<Metafile> => {
  const { metafile } = await build({
    ...{ absWorkingDir: root, entryPoints: [file], bundle: true, format: "esm" },
    ...{ write: false, metafile: true, logLevel: "silent" },
    // Examples import the package.
    alias: { toolgate: path.join(root, "src/entry") },
  });
  return metafile;
};

/** The files that are left once nothing is kept that nobody uses. Types have gone before. */
const heldIn = ({ outputs }: Metafile): ReadonlySet<string> =>
  new Set(
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [file] : [],
      ),
    ),
  );

/** Returns the shortest chain of imports from a file to one of zod, both with it; undefined if none is left of it. */
const chainFrom = (metafile: Metafile, file: string): readonly string[] | undefined => {
  const held = heldIn(metafile);
  const seen = new Set([file]);
  const chains: (readonly string[])[] = [[file]];
  for (const chain of chains) {
    const last = chain.at(-1) ?? "";
    if (last.includes(ZOD) && held.has(last)) return chain;
    // Of a file that only passes things on, such as a door, nothing is left: what it leads to may be.
    for (const { path: next } of metafile.inputs[last]?.imports ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      chains.push([...chain, next]);
    }
  }
  return undefined;
};

/** Returns the modules of an app, but for its catalog. */
const modulesOf = (root: string, app: string): string[] =>
  readdirSync(path.join(root, app), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !ELSEWHERE.test(file))
    .sort()
    .map((file) => path.join(app, file));

/**
 * Finds the modules of an app that bring zod along, beside its catalog.
 *
 * @param root - of the repository.
 * @param app - its folder `convex`, from there.
 * @returns for each the chain of imports by which it does; empty if there is none.
 */
export const findZod = async (root: string, app: string): Promise<string[]> => {
  const found = await Promise.all(
    modulesOf(root, app).map(async (file) => chainFrom(await graphOf(root, file), file)),
  );
  return found.flatMap((chain) => (chain === undefined ? [] : [chain.join(" → ")]));
};
