/**
 * `npm run bundle`: bundles convex/ with Convex's own bundler, without a deployment or network, and finds code that would fail or be
 * slow on Convex.
 */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findStrangers } from "./doors";
import { findDisorder } from "./layers";
import { findZod } from "./zod";
import { app } from "../convex/toolgate/tools";
import { appDrivesOf } from "../test/bundle/app/drives";
import { modulesIn as bundlesIn } from "../test/bundle/app/modules";
import { drivesOf } from "../test/bundle/drives/drives";
import { bundle, load, type Loaded } from "../test/bundle/runtime/load";
import { missingGlobals } from "../test/bundle/runtime/missingGlobals";

/** Modules that Convex evaluates for every request. */
const EVERY_TIME = ["http.js", "toolgate/gate.js"];

/** The one module that may hold zod, the heaviest package here: Convex keeps its answer. */
const CATALOG = "toolgate/catalog.js";

/** The apps of this repository. */
const APPS = ["convex", ...readdirSync("examples").map((name) => `examples/${name}/convex`)];

let failures = 0;

const report = (name: string, result: string): void => {
  console.log(name.padEnd(20), result);
};

const messageOf = (error: unknown): string =>
  // An error from the other V8 context is no instance of this context's Error.
  typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);

/** Runs a check and prints its result or its failure. It does not throw, so the other checks run too. */
const check = async (name: string, run: () => Promise<string | undefined>): Promise<void> => {
  try {
    const result = await run();
    if (result !== undefined) report(name, result);
  } catch (error) {
    failures++;
    report(name, `FAILED: ${messageOf(error)}`);
  }
};

/** Runs the bundler. With `--debug-bundle-path` it sends nothing, and no server listens at the address. */
const bundleInto = async (dir: string): Promise<void> => {
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = ["convex", "deploy", "--debug-bundle-path", dir, ...address, ...skip];
  // Without CI, a command that fails tries to reach a crash reporter.
  await promisify(execFile)("npx", args, { env: { ...process.env, CI: "1" } });
};

/** Returns the modules that Convex loads by name. The code that they share is in `_deps`. */
const modulesIn = async (dir: string): Promise<string[]> => {
  const files = await readdir(dir, { recursive: true });
  return files.filter((file) => file.endsWith(".js") && !file.startsWith("_deps")).sort();
};

const hasZod = async (file: string): Promise<boolean> => {
  const map = JSON.parse(await readFile(`${file}.map`, "utf8")) as { sources: string[] };
  return map.sources.some((source) => source.includes("node_modules/zod/"));
};

/** A module without an import that leads to zod holds it too, if the bundler has put it into a file with what the module needs. */
const requireNoZod = async ({ files }: Loaded): Promise<void> => {
  const zod = await Promise.all([...files.keys()].map(hasZod));
  if (zod.includes(true)) throw new Error("holds zod, which every call would evaluate");
};

const weigh = ({ files }: Loaded): string => {
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  return `${bytes} bytes in ${files.size} files`;
};

const checkModules = async (dir: string): Promise<void> => {
  let evaluated = 0;
  const files = new Set<string>();
  for (const name of await modulesIn(dir)) {
    await check(name, async () => {
      const module = await load(path.join(dir, name));
      evaluated++;
      for (const file of module.files.keys()) files.add(file);
      if (name !== CATALOG) await requireNoZod(module);
      return EVERY_TIME.includes(name) ? weigh(module) : undefined;
    });
  }
  for (const file of files) {
    await check(path.relative(dir, file), async () => {
      const names = await missingGlobals(file);
      if (names.length > 0)
        throw new Error(`uses ${names.join(", ")}, which Convex lacks or only stubs`);
      return undefined;
    });
  }
  report("evaluated", `${evaluated} modules with the globals that Convex has`);
};

/** Lists the tools with the globals that Convex has. The library leaves out a tool that it cannot describe; no line here may be one. */
const checkTools = async (file: string): Promise<string> => {
  const { exports } = await load(file);
  const list = exports.list as { invokeQuery: (args: string) => Promise<string> };
  const listed = JSON.parse(await list.invokeQuery("[{}]")) as { name: string }[];
  const names = Object.keys(app.tools);
  const missing = names.filter((name) => listed.every((tool) => tool.name !== name));
  if (missing.length > 0)
    throw new Error(`tools/list leaves out ${missing.join(", ")}: npm start says why`);
  return `${names.length} can be described`;
};

/** Drives the routes alone, and then the whole app. */
const checkDrives = async (dir: string): Promise<void> => {
  const routes = drivesOf(await bundle(path.join(dir, "http.js")));
  for (const { name, run } of [...routes, ...appDrivesOf(await bundlesIn(dir))]) {
    await check(name, async () => {
      await run();
      return "as expected";
    });
  }
};

// On Convex an unhandled rejection would end the action.
process.on("unhandledRejection", (error) => {
  failures++;
  report("rejection", `FAILED: nobody handles it: ${messageOf(error)}`);
});

await check("layers", () => {
  const disorder = findDisorder(process.cwd());
  if (disorder.length > 0) throw new Error(disorder.join("\n"));
  return Promise.resolve("imports go down only");
});
await check("doors", async () => {
  const strangers = await findStrangers(process.cwd());
  if (strangers.length > 0) throw new Error(strangers.join("\n"));
  return "each holds the folders that it may hold";
});
for (const app of APPS) {
  await check(app, async () => {
    const found = await findZod(process.cwd(), app);
    if (found.length > 0) throw new Error(`brings zod along:\n${found.join("\n")}`);
    return "only its catalog has zod";
  });
}
const dir = await mkdtemp(path.join(tmpdir(), "toolgate-bundle-"));
await check("bundler", async () => {
  await bundleInto(dir);
  await checkModules(path.join(dir, "isolate"));
  await check("tools", () => checkTools(path.join(dir, "isolate", "toolgate", "catalog.js")));
  await checkDrives(path.join(dir, "isolate"));
  return undefined;
});
await rm(dir, { recursive: true });
if (failures > 0) process.exitCode = 1;
