/** Apps as Convex's own command line deploys them, without a deployment or network. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { modulesIn } from "../../test/bundle/app/modules";
import type { Bundle } from "../../test/bundle/runtime/load";

/** The modules of an app by path without extension, each with all that it imports as one script. */
export type Modules = ReadonlyMap<string, Bundle>;

const run = promisify(execFile);

/** Nothing listens at the address, and with `--debug-bundle-path` nothing is sent. */
const bundled = async (cwd: string): Promise<Modules> => {
  await writeFile(path.join(cwd, "package.json"), '{ "dependencies": { "convex": "*" } }');
  const cli = path.resolve("node_modules/convex/bin/main.js");
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = [cli, "deploy", "--debug-bundle-path", "out", ...address, ...skip];
  // Without CI the command, when it fails, tries to reach a crash reporter.
  await run(process.execPath, args, { cwd, env: { ...process.env, CI: "1" } });
  const found = await modulesIn(path.join(cwd, "out", "isolate"));
  const made = [...found].map(async ([name, make]) => [name, await make()] as const);
  return new Map(await Promise.all(made));
};

/**
 * What Convex's command line makes of an app.
 *
 * @param home - has the node_modules in which the app finds its packages.
 * @param write - writes the app's functions into `convex/` of a new folder.
 * @throws Error with what the command line says.
 */
export const deployed = async (
  home: string,
  write: (cwd: string) => Promise<unknown>,
): Promise<Modules> => {
  const cache = path.resolve(home, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const cwd = await mkdtemp(path.join(cache, "deployed-"));
  try {
    await write(cwd);
    return await bundled(cwd);
  } finally {
    await rm(cwd, { recursive: true });
  }
};

/**
 * An app of this repository as an adopter deploys it, with Toolgate from the package: build it first. What it is compared with are
 * further modules, those of beside/, since all modules of an app share Convex's client code.
 */
export const deployedWithBare = (app: string): Promise<Modules> =>
  deployed(".", async (cwd) => {
    const copy = path.join(cwd, "convex");
    await cp(app, copy, { recursive: true });
    await cp(".ci/weight/beside", copy, { recursive: true });
    await symlink(path.resolve("dist/src"), path.join(cwd, "src"));
    await mkdir(path.join(cwd, "node_modules"));
    await symlink(path.resolve("."), path.join(cwd, "node_modules/toolgate"));
  });
