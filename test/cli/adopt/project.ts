/** An app in a temporary folder, with the packages of this repository, for the commands of an adopter. */
import { readFileSync, rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** The doors of the package, each with what it needs in few files: bundling hundreds of files for each app would take seconds. */
const buildDoors = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), "toolgate-doors-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const doors = await readdir(path.join(root, "src/entry"));
  await build({
    absWorkingDir: root,
    entryPoints: doors.map((door) => `src/entry/${door}`),
    outdir: path.join(folder, "doors"),
    ...{ bundle: true, splitting: true, format: "esm", minify: true, keepNames: true },
    external: ["convex"],
  });
  const exports = { "./*": "./doors/*.js" };
  await writeFile(
    path.join(folder, "package.json"),
    JSON.stringify({ name: "toolgate", version: "0.0.0", type: "module", exports }),
  );
  return folder;
};

let doors: Promise<string> | undefined;

const install = async (app: string): Promise<void> => {
  const modules = path.join(app, "node_modules");
  await mkdir(modules, { recursive: true });
  await symlink(path.join(root, "node_modules/convex"), path.join(modules, "convex"));
  await symlink(
    path.join(root, "node_modules/convex-helpers"),
    path.join(modules, "convex-helpers"),
  );
  await symlink(path.join(root, "node_modules/zod"), path.join(modules, "zod"));
  doors ??= buildDoors();
  await cp(await doors, path.join(modules, "toolgate"), { recursive: true });
};

const put = async (app: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(app, name)), { recursive: true });
    await writeFile(path.join(app, name), text);
  }
};

const emptyFolder = async (): Promise<string> => {
  const app = await mkdtemp(path.join(tmpdir(), "toolgate-test-"));
  onTestFinished(() => rm(app, { recursive: true, force: true }));
  return app;
};

/**
 * Makes an app.
 *
 * @param files - path → text. There is a `package.json` if there is none among them.
 */
export const newProject = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const app = await emptyFolder();
  await put(app, { "package.json": '{ "name": "probe", "version": "1.2.3" }', ...files });
  await install(app);
  return app;
};

/** An empty one, as two of the apps have it, is for the compiler only; a bundler refuses it. */
const isEmptyConfig = (file: string): boolean =>
  path.basename(file) === "tsconfig.json" && readFileSync(file, "utf8").trim() === "";

/** Copies one of the foreign apps. */
export const foreignProject = async (name: string, folder = "."): Promise<string> => {
  const copy = await emptyFolder();
  await cp(path.join(root, "test/adoption/apps", name), copy, {
    ...{ recursive: true, filter: (file: string) => !isEmptyConfig(file) },
  });
  const app = path.join(copy, folder);
  await install(app);
  return app;
};

/** All files of an app but its packages: path → text. */
export const filesOf = async (app: string): Promise<Record<string, string>> => {
  const names = await readdir(app, { recursive: true, withFileTypes: true });
  const files = names
    .filter((one) => one.isFile())
    .map((one) => path.relative(app, path.join(one.parentPath, one.name)))
    .filter((file) => !file.startsWith("node_modules"))
    .sort();
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(path.join(app, file), "utf8")] as const),
  );
  return Object.fromEntries(texts);
};
