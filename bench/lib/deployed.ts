/** Apps as Convex's own command line deploys them, without a deployment or network. Toolgate is taken from the package as built. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { modulesIn } from "../../test/bundle/app/modules";
import type { Bundle } from "../../test/bundle/runtime/load";
import { root } from "./root";

/** The modules of an app by path without extension, each with all that it imports as one script. */
export type Modules = ReadonlyMap<string, Bundle>;

const run = promisify(execFile);

/** Nothing listens at the address, and with `--debug-bundle-path` nothing is sent. */
const bundled = async (cwd: string, functions: string): Promise<Modules> => {
  await writeFile(path.join(cwd, "convex.json"), JSON.stringify({ functions: `${functions}/` }));
  await writeFile(path.join(cwd, "package.json"), '{ "dependencies": { "convex": "*" } }');
  const cli = path.join(root, "node_modules/convex/bin/main.js");
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = [cli, "deploy", "--debug-bundle-path", "out", ...address, ...skip];
  // Without CI the command, when it fails, tries to reach a crash reporter.
  await run(process.execPath, args, { cwd, env: { ...process.env, CI: "1" } });
  const found = await modulesIn(path.join(cwd, "out", "isolate"));
  const made = [...found].map(async ([name, make]) => [name, await make()] as const);
  return new Map(await Promise.all(made));
};

type Edit = (text: string) => string;

/** A copy of an app, with what it is compared with as further modules: all modules of an app share Convex's client code. */
const withBare = async (app: string, cwd: string, edits: Readonly<Record<string, Edit>>) => {
  const copy = path.join(cwd, "convex");
  await cp(path.join(root, app), copy, { recursive: true });
  await cp(path.join(root, "bench/deployed/beside"), copy, { recursive: true });
  await symlink(path.join(root, "dist/src"), path.join(cwd, "src"));
  await mkdir(path.join(cwd, "node_modules"));
  await symlink(root, path.join(cwd, "node_modules/toolgate"));
  for (const [file, edit] of Object.entries(edits)) {
    const text = await readFile(path.join(copy, file), "utf8");
    if (edit(text) === text) throw new Error(`${app}/${file} was not edited`);
    await writeFile(path.join(copy, file), edit(text));
  }
  return "convex";
};

/** @param home - has the node_modules in which the app finds its packages. */
const inFolder = async (home: string, work: (cwd: string) => Promise<string>): Promise<Modules> => {
  const cache = path.join(root, home, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const cwd = await mkdtemp(path.join(cache, "deployed-"));
  try {
    return await bundled(cwd, await work(cwd));
  } finally {
    await rm(cwd, { recursive: true });
  }
};

/**
 * An app of this repository as an adopter deploys it, with the modules of bench/deployed/beside. Build the package first.
 *
 * @param edits - of the app's files, by path.
 * @throws Error with what Convex's command line says.
 */
export const deployedWithBare = (app: string, edits: Readonly<Record<string, Edit>> = {}) =>
  inFolder("", (cwd) => withBare(app, cwd, edits));

/** An app of bench/deployed, as it is. */
export const deployedAlone = (app: string): Promise<Modules> =>
  inFolder("bench", async (cwd) => path.relative(cwd, path.join(root, "bench/deployed", app)));
