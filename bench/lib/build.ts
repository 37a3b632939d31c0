/**
 * Bundles the sections as Convex's bundler does code: run through a loader that keeps function names, our code would pay for every
 * closure what the packages of the peers, which are plain JavaScript, do not pay.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./root";

const isModule = (file: string): boolean => /^[^.]+\.[jt]s$/.test(path.basename(file));

const modulesIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(path.join(root, folder), { recursive: true });
  return files.filter(isModule).map((file) => path.join(root, folder, file));
};

/** Builds all sections, and the app's modules beside them, into `outdir`; what they share is one module there too. */
export const buildSections = async (outdir: string): Promise<void> => {
  const entryPoints = await Promise.all(["bench/sections", "convex"].map(modulesIn));
  await build({
    entryPoints: entryPoints.flat(),
    outdir,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
};
