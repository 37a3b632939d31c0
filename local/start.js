/**
 * `npm start`: bundles the server and the app anew, and runs them. Node would take twice as long to load the files one by one, each compiled
 * by itself.
 */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");

// Inside the project, where the bundle finds the packages that it needs.
const parent = path.join(root, ".toolgate");
await mkdir(parent, { recursive: true, mode: 0o700 });
const outdir = await mkdtemp(path.join(parent, "start-"));
const remove = () => {
  rmSync(outdir, { recursive: true, force: true });
};
process.on("exit", remove);

await build({
  absWorkingDir: root,
  // Each module of the app stays one, as the server looks for them by their files.
  entryPoints: ["local/main.ts", "convex/**/*.ts", "convex/**/*.js"],
  ...{ outdir, outbase: ".", bundle: true, splitting: true, packages: "external" },
  ...{ format: "esm", platform: "node", target: "node20" },
  ...{ sourcemap: "inline", sourcesContent: false, logLevel: "error" },
});
await import(pathToFileURL(path.join(outdir, "local/main.js")).href);
// A server that answers has loaded all of it.
remove();
