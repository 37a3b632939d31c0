/** The routes with a deliberate mistake in the source, for the check of the bundle to find. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";
import { appDrivesOf } from "./app/drives";
import { edit, modulesIn } from "./app/modules";
import { drivesOf } from "./drives/drives";
import { bundle } from "./runtime/load";

export interface Mistake {
  /** A file of src/. */
  readonly file: string;
  /** What stands there once. */
  readonly from: string;
  readonly to: string;
}

const root = path.resolve(import.meta.dirname, "../..");

const editing = ({ file, from, to }: Mistake): Plugin => ({
  name: "mistake",
  setup(build) {
    const edited = path.join(root, "src", file);
    build.onLoad({ filter: /\.ts$/ }, async (args) => {
      if (args.path !== edited) return undefined;
      const parts = (await readFile(edited, "utf8")).split(from);
      if (parts.length !== 2) throw new Error(`${file} does not have this once: ${from}`);
      return { contents: parts.join(to), loader: "ts" };
    });
  },
});

/** What drives find: the name of each that fails, with the line it is reported in. */
type Findings = Record<string, string>;

const failuresOf = async (
  drives: readonly { readonly name: string; readonly run: () => Promise<unknown> }[],
): Promise<Findings> => {
  const found: Findings = {};
  await Promise.all(
    drives.map(({ name, run }) =>
      run().catch((error: unknown) => {
        found[name] = (error as Error).message;
      }),
    ),
  );
  return found;
};

/** What the drives of the routes find. */
export const findings = async (mistake?: Mistake): Promise<Findings> => {
  const plugins = mistake === undefined ? [] : [editing(mistake)];
  return failuresOf(drivesOf(await bundle(path.join(root, "convex/http.ts"), plugins)));
};

const modules = modulesIn(path.join(root, "convex"));

/** What the drives of the functions behind the routes find. */
export const appFindings = async (mistake?: Mistake): Promise<Findings> => {
  const found = await modules;
  return failuresOf(
    appDrivesOf(
      mistake === undefined
        ? found
        : edit(found, path.join(root, "src", mistake.file), editing(mistake)),
    ),
  );
};
