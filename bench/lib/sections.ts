/** Bundles the sections, and runs each in a process of its own: convex-test replaces globals, and nobody else shall pay for that. */
import { fork } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Report } from "./report";
import { root } from "./root";

const isModule = (file: string): boolean => /^[^.]+\.[jt]s$/.test(path.basename(file));

const modulesIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(path.join(root, folder), { recursive: true });
  return files.filter(isModule).map((file) => path.join(root, folder, file));
};

const PONYFILL = "web-streams-polyfill/ponyfill";

/**
 * Builds all sections, and the app's modules beside them, into `outdir`, as Convex's bundler does code: run through a loader that keeps
 * function names, our code would pay for every closure what the packages of the peers, which are plain JavaScript, do not pay.
 */
export const buildSections = async (outdir: string): Promise<void> => {
  const entryPoints = await Promise.all(["bench/sections", "convex"].map(modulesIn));
  await build({
    ...{ entryPoints: entryPoints.flat(), outdir, outbase: root },
    outExtension: { ".js": ".mjs" },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
    ...{ packages: "external", logLevel: "warning" },
    // A folder of its package, which Node does not find.
    alias: { [PONYFILL]: path.join(root, "node_modules", PONYFILL) },
  });
};

/** @throws Error with the end of what the section has complained of. */
export const runSection = (outdir: string, name: string, quick: boolean): Promise<Report> =>
  new Promise((resolve, reject) => {
    const file = path.join(outdir, "bench/sections", `${name}.mjs`);
    const child = fork(file, quick ? ["--quick"] : [], {
      ...{ cwd: root, execArgv: ["--expose-gc", "--no-warnings"] },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let result: Report | undefined;
    let complaints = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    child.on("message", (message) => {
      result = message as Report;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (result !== undefined) resolve(result);
      else reject(new Error(`${name} ended with ${String(code)}:\n${complaints}`));
    });
  });
