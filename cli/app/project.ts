/** Finds what a command needs to know of the app in a folder: its Convex folder, its versions and its tools. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isBefore } from "./convexVersion";
import { isObject } from "../../src/wire/jsonrpc";
import { Failure } from "../operate/run";

export type Esbuild = typeof import("esbuild");

/** The app whose functions become tools. All paths are absolute. */
export interface Project {
  /** The folder that the command runs in, with `package.json` and, if there is one, `convex.json`. */
  readonly root: string;
  /** The folder of the Convex functions. */
  readonly convex: string;
  readonly convexVersion: string;
  /** What a command is typed after: `npx`, `pnpm exec` and the like. */
  readonly runner: string;
  /** How a package is added. */
  readonly install: string;
  /** `node.externalPackages` of `convex.json`. */
  readonly externals: readonly string[];
  /** The one that the app's own `convex` bundles with. */
  readonly esbuild: Esbuild;
}

const readJson = (file: string): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isObject(parsed)) return parsed;
  } catch {
    // The next line says it.
  }
  throw new Failure(`${path.basename(file)} cannot be read: it is no JSON object. Mend it first.`);
};

/** The folders from one up to the root of the disk. */
const upFrom = (folder: string): string[] => {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upFrom(parent)];
};

/** Finds an installed package as Node does; undefined if there is none. Symbolic links are followed. */
export const packageFolder = (from: string, name: string): string | undefined => {
  const found = upFrom(from)
    .map((folder) => path.join(folder, "node_modules", name))
    .find((folder) => existsSync(path.join(folder, "package.json")));
  return found === undefined ? undefined : realpathSync(found);
};

const managers = [
  { lock: "pnpm-lock.yaml", runner: "pnpm exec", install: "pnpm add" },
  { lock: "yarn.lock", runner: "yarn", install: "yarn add" },
  { lock: "bun.lock", runner: "bunx", install: "bun add" },
  { lock: "bun.lockb", runner: "bunx", install: "bun add" },
  { lock: "package-lock.json", runner: "npx", install: "npm install" },
] as const;

const managerOf = (root: string): { runner: string; install: string } =>
  upFrom(root)
    .flatMap((folder) => managers.filter(({ lock }) => existsSync(path.join(folder, lock))))
    .at(0) ?? { runner: "npx", install: "npm install" };

const LOOKED_AT = 3;

const isConvexPackage = (folder: string): boolean =>
  existsSync(path.join(folder, "convex.json")) || existsSync(path.join(folder, "convex"));

/** The packages of a workspace that have Convex functions, at most three folders down. */
const packagesBelow = (root: string, depth = LOOKED_AT): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .flatMap(({ name }) => {
      const folder = path.join(root, name);
      if (existsSync(path.join(folder, "package.json")) && isConvexPackage(folder)) return [folder];
      return depth > 1 ? packagesBelow(folder, depth - 1) : [];
    });

const noFunctions = (root: string, convex: string): Failure => {
  const elsewhere = packagesBelow(root).map((folder) => path.relative(root, folder));
  return new Failure(
    `There are no Convex functions here: ${path.relative(root, convex)}/ does not exist.\n` +
      (elsewhere.length > 0
        ? `Run the command in the package that has them: ${elsewhere.join(", ")}`
        : "Make the app first, with `npm create convex@latest` or `npx convex dev`."),
  );
};

interface ConvexJson {
  readonly functions: string;
  readonly externals: readonly string[];
}

/** @see https://docs.convex.dev/production/project-configuration */
const convexJsonOf = (root: string): ConvexJson => {
  const file = path.join(root, "convex.json");
  const { functions, node } = existsSync(file) ? readJson(file) : {};
  const externals = isObject(node) ? node.externalPackages : [];
  return {
    functions: typeof functions === "string" ? functions : "convex",
    externals: Array.isArray(externals) ? externals.filter((one) => typeof one === "string") : [],
  };
};

const OLDEST = [1, 31] as const;

const convexPackage = (convex: string, install: string): { folder: string; version: string } => {
  const folder = packageFolder(convex, "convex");
  if (folder === undefined)
    throw new Failure(
      `The package convex is not installed. Install the app's packages first, or: ${install} convex`,
    );
  const { version } = readJson(path.join(folder, "package.json"));
  if (typeof version !== "string" || isBefore(version, OLDEST))
    throw new Failure(
      `convex ${String(version)} is too old: Toolgate needs ${OLDEST.join(".")} or later. ${install} convex@latest`,
    );
  return { folder, version };
};

/**
 * Reads the app in a folder.
 *
 * @throws Failure that says what is missing and what to do: no `package.json`, no functions, no `convex` or one before 1.31.
 */
export const projectIn = (root: string): Project => {
  if (!existsSync(path.join(root, "package.json")))
    throw new Failure(
      "There is no package.json here. Run the command in the folder of your Convex app.",
    );
  const { functions, externals } = convexJsonOf(root);
  const convex = path.resolve(root, functions);
  if (!existsSync(convex)) throw noFunctions(root, convex);
  const manager = managerOf(root);
  const { folder, version } = convexPackage(convex, manager.install);
  const esbuild = createRequire(path.join(folder, "package.json"))("esbuild") as Esbuild;
  const { runner, install } = manager;
  return { root, convex, convexVersion: version, runner, install, externals, esbuild };
};
