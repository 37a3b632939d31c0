/** Copies of the foreign apps, with their own packages, for the slow proofs. They need the package registry. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { pack, type Packed } from "../../.ci/package/pack";

const PACK_MS = 120_000;

const root = path.resolve(import.meta.dirname, "../..");

/** Runs a line of shell. @throws Error with all that it printed */
export const shell = async (cwd: string, line: string): Promise<string> => {
  try {
    const env = { ...process.env, CI: "1", NO_COLOR: "1" };
    const options = { cwd, env, maxBuffer: 2 ** 26 };
    return (await promisify(execFile)("bash", ["-c", line], options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${line}\n${stdout}\n${stderr}`, { cause: error });
  }
};

/** Writes `_generated`. The flag works without a deployment. */
export const CODEGEN = "npx convex codegen --system-udfs --typecheck=disable";

const PNPM = "npx -y pnpm@10.34.8";

export interface ForeignApp {
  /** The folder to remove in the end. */
  readonly folder: string;
  /** The folder with the package.json that has `convex`. */
  readonly app: string;
  /** Its folder of functions. */
  readonly functions: string;
  /** Installs the packed package, as its users do. */
  readonly install: (tarball: string) => Promise<string>;
}

/** Where the kinds of apps differ. */
const PLACES: Readonly<Record<string, { app: string; functions: string; pnpm: boolean }>> = {
  desk: { app: "packages/backend", functions: "server/functions", pnpm: true },
};

/** Copies an app and installs its packages. */
export const newForeignApp = async (name: string): Promise<ForeignApp> => {
  const place = PLACES[name] ?? { app: ".", functions: "convex", pnpm: false };
  const folder = await mkdtemp(path.join(tmpdir(), `foreign-${name}-`));
  await cp(path.join(root, "test/adoption/apps", name), folder, { recursive: true });
  const app = path.join(folder, place.app);
  const add = place.pnpm ? `${PNPM} add` : "npm install --no-audit --no-fund";
  await shell(folder, place.pnpm ? `${PNPM} install` : add);
  await shell(app, CODEGEN);
  return {
    ...{ folder, app, functions: path.join(app, place.functions) },
    install: (tarball) => shell(app, `${add} ${tarball}`),
  };
};

/** The packed package, and the folders of a test file, which go when it ends. Call it once in the file. */
export const packOnce = () => {
  const folders: string[] = [];
  let packed: Packed | undefined;
  beforeAll(async () => {
    packed = await pack();
    folders.push(packed.folder);
  }, PACK_MS);
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
  return { folders, tarball: () => packed?.tarball ?? "" };
};

/** Replaces a text of a file, which must be there. */
export const edit = async (file: string, before: string | RegExp, after: string): Promise<void> => {
  const source = await readFile(file, "utf8");
  const changed = source.replace(before, after);
  if (changed === source) throw new Error(`${file} has no ${String(before)}`);
  await writeFile(file, changed);
};
