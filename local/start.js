/**
 * `npm start`: bundles the server and the app anew, and runs them until it is told to stop. Node would take twice as long to load the files
 * one by one, each compiled by itself.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

const shell = process.ppid;

/** How often to look whether the shell still runs, in milliseconds. */
const LOOK_MS = 250;

/** Bundling takes seconds. A bundle that is older, in milliseconds, is of a start that was killed. */
const DEAD_MS = 10 * 60_000;

const root = path.resolve(import.meta.dirname, "..");

// Inside the project, where the bundle finds the packages that it needs.
const folder = path.join(root, ".toolgate");

// Open connections are cut. What is to be cleaned up is so at the event `exit`, which a signal by itself does not emit.
const end = () => process.exit(0);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
const look = () => {
  if (process.ppid !== shell) end();
};
// npm passes a signal only to the shell that it has started, and that ends without a word.
if (process.env.npm_lifecycle_event !== undefined) setInterval(look, LOOK_MS).unref();

const remove = (dir) => {
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
};

/** Whether a file of the folder is a bundle that nobody will remove. Another start may do so right now. */
const isDead = (name) =>
  name.startsWith("start-") &&
  Date.now() - (statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Infinity) >
    DEAD_MS;

mkdirSync(folder, { recursive: true, mode: 0o700 });
for (const name of readdirSync(folder).filter(isDead)) remove(path.join(folder, name));
const outdir = mkdtempSync(path.join(folder, "start-"));
process.on("exit", () => {
  // First, so that it writes no more.
  void stop();
  remove(outdir);
});

await build({
  absWorkingDir: root,
  // Each module of the app stays one, as the server looks for them by their files.
  entryPoints: [
    "local/main.ts",
    ...["ts", "tsx", "js", "jsx"].map((ending) => `convex/**/*.${ending}`),
  ],
  ...{ outdir, outbase: ".", bundle: true, splitting: true, packages: "external" },
  ...{ format: "esm", platform: "node", target: "node20" },
  ...{ sourcemap: "inline", sourcesContent: false, logLevel: "error" },
});
// Its process would run as long as this one.
await stop();
await import(pathToFileURL(path.join(outdir, "local/main.js")).href);
// A server that answers has loaded all of it.
remove(outdir);
