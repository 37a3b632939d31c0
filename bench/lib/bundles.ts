/** What each server would deploy, made by Convex's own bundler, without a deployment or network. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { root } from "./root";

/** What everything is compared with: the least that answers HTTP, deployed beside Toolgate as one more module of the same app. */
export const BARE = "bare httpAction, in the same app";

const erp = "convex";

/** Folder of functions → its modules to weigh, by name. Each folder is an app of its own, so that none carries another's code. */
const apps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [erp]: {
    [BARE]: "bare",
    "bare query, in the same app": "bareQuery",
    "bare mutation, in the same app": "bareMutation",
    "Toolgate, http.ts without OAuth": "httpWithoutOAuth",
    "Toolgate, http.ts": "http",
    "Toolgate, gate.ts": "toolgate/gate",
    "Toolgate, reading.ts": "toolgate/reading",
    "Toolgate, jobs.ts": "toolgate/jobs",
    "Toolgate, catalog.ts (cached by Convex)": "toolgate/catalog",
    "a query tool written with v": "queryTool",
    "a mutation tool written with v": "mutationTool",
    "a query tool of the ERP, with zod (erp/stock.ts)": "erp/stock",
    "a mutation tool of the ERP, with zod (erp/customers.ts)": "erp/customers",
  },
  "bench/deployed/bare": { "bare httpAction, alone": "http" },
  "bench/deployed/gateway": { "convex-mcp-gateway, http.ts": "http" },
  "bench/deployed/mcpLite": { "mcp-lite with zod": "http" },
  "bench/deployed/sdkServer": { "@modelcontextprotocol/server": "http" },
  "bench/deployed/sdkClassic": { "@modelcontextprotocol/sdk": "http" },
};

export interface Bundle {
  readonly name: string;
  /** The module and all that it imports as one script, since without a flag node:vm runs no modules. */
  readonly code: string;
  /** Of the files as deployed. */
  readonly bytes: number;
  /** In bytes; Convex does not minify. */
  readonly minified: number;
}

/**
 * The ERP's functions with the bare httpAction among them, and what else is compared. They import the library as an adopter's app does:
 * from the built package.
 */
const erpWithBare = async (cwd: string): Promise<string> => {
  const copy = path.join(cwd, erp);
  await cp(path.join(root, erp), copy, { recursive: true });
  await cp(path.join(root, "bench/deployed/beside"), copy, { recursive: true });
  await cp(path.join(root, "bench/deployed/bare/http.ts"), path.join(copy, "bare.ts"));
  await promisify(execFile)("npm", ["run", "build", "--silent"], { cwd: root });
  await symlink(path.join(root, "dist/src"), path.join(cwd, "src"));
  return copy;
};

/** Nothing listens at the address, and with `--debug-bundle-path` nothing is sent. */
const deploy = async (functions: string, cwd: string): Promise<string> => {
  await mkdir(cwd, { recursive: true });
  const app = functions === erp ? await erpWithBare(cwd) : path.join(root, functions);
  const folder = path.relative(cwd, app);
  await writeFile(path.join(cwd, "convex.json"), JSON.stringify({ functions: `${folder}/` }));
  await writeFile(path.join(cwd, "package.json"), '{ "dependencies": { "convex": "*" } }');
  const cli = path.join(root, "node_modules/convex/bin/main.js");
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = [cli, "deploy", "--debug-bundle-path", "out", ...address, ...skip];
  // Without CI the command, when it fails, tries to reach a crash reporter.
  await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, CI: "1" } });
  return path.join(cwd, "out", "isolate");
};

const weigh = async (name: string, file: string): Promise<Bundle> => {
  const options = {
    entryPoints: [file],
    ...{ bundle: true, platform: "browser", format: "iife", target: "esnext" },
    // Convex evaluates all that a module imports, used or not.
    treeShaking: false,
    ...{ write: false, metafile: true, logLevel: "error" },
  } as const satisfies BuildOptions;
  const { outputFiles, metafile } = await build(options);
  const small = await build({ ...options, minify: true });
  const bytes = Object.values(metafile.inputs).reduce((sum, input) => sum + input.bytes, 0);
  const minified = small.outputFiles[0]?.contents.byteLength ?? NaN;
  return { name, code: outputFiles[0]?.text ?? "", bytes, minified };
};

const bundlesOf = async (functions: string, cwd: string): Promise<Bundle[]> => {
  const isolate = await deploy(functions, cwd);
  const modules = Object.entries(apps[functions] ?? {});
  return Promise.all(
    modules.map(([name, module]) => weigh(name, path.join(isolate, `${module}.js`))),
  );
};

/** The bare httpAction first. */
export const makeBundles = async (): Promise<Bundle[]> => {
  const cache = path.join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, "deployed-"));
  try {
    const all = Object.keys(apps).map((functions, index) =>
      bundlesOf(functions, path.join(folder, String(index))),
    );
    return (await Promise.all(all)).flat();
  } finally {
    await rm(folder, { recursive: true });
  }
};
