/** Module hooks that load the library's files with probes. Node runs this file in a thread of its own. */
import { readFile } from "node:fs/promises";
import type { LoadHook } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { libraryFile } from "./libraryFile.ts";
import { withProbes } from "./probes.ts";

/** Node's `load` hook. Files outside the library are loaded as usual. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const file = libraryFile(url);
  if (file === undefined) return nextLoad(url, context);
  // tsx would wrap inner functions to keep their names, and the wrapper would count as a function that runs.
  const { code, map } = await transform(await readFile(fileURLToPath(url), "utf8"), {
    loader: "ts",
    target: "esnext",
    sourcemap: "external",
    sourcefile: path.basename(file),
  });
  return { format: "module", source: withProbes(file, code, map), shortCircuit: true };
};
