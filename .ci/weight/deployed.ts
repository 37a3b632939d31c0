/** The ERP as an adopter deploys it: bundled by Convex's own command line, with the library from the built package. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { bundle, type Bundle } from "../../test/bundle/runtime/load";

const root = path.resolve(import.meta.dirname, "../..");

/** What everything is compared with: the least that answers HTTP, as one more module of the app, since all share Convex's client code. */
const bare = `
  import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";
  const add = makeFunctionReference("sums:add");
  const http = httpRouter();
  const handler = httpActionGeneric(async (ctx, request) => Response.json(await ctx.runQuery(add, await request.json())));
  http.route({ path: "/mcp", method: "POST", handler });
  export default http;`;

const withoutOAuth = `
  import { httpRouter } from "convex/server";
  import { mcp, registerRoutes } from "../src/entry/http";
  import { compose } from "../src/entry/middleware";
  import { httpAction } from "./_generated/server";
  import { chain } from "./toolgate/chain";
  import { app } from "./toolgate/tools";
  const http = httpRouter();
  registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);
  export default http;`;

/** The least tools that know their caller, written with `v`. */
const TOOLS = ["queryTool.ts", "mutationTool.ts"];

/** Nothing listens at the address, and with `--debug-bundle-path` nothing is sent. */
const deploy = async (cwd: string): Promise<void> => {
  const cli = path.join(root, "node_modules/convex/bin/main.js");
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = [cli, "deploy", "--debug-bundle-path", "out", ...address, ...skip];
  // Without CI the command, when it fails, tries to reach a crash reporter.
  await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, CI: "1" } });
};

const setUp = async (cwd: string): Promise<void> => {
  const app = path.join(cwd, "convex");
  await cp(path.join(root, "convex"), app, { recursive: true });
  await writeFile(path.join(app, "bare.ts"), bare);
  await writeFile(path.join(app, "httpWithoutOAuth.ts"), withoutOAuth);
  for (const tool of TOOLS)
    await cp(path.join(root, "bench/deployed/beside", tool), path.join(app, tool));
  await symlink(path.join(root, "dist/src"), path.join(cwd, "src"));
  await writeFile(path.join(cwd, "package.json"), '{ "dependencies": { "convex": "*" } }');
};

/**
 * Bundles modules of the ERP, each with all that it imports, as one script.
 *
 * @param modules - their paths, such as `toolgate/gate`; beside the ERP's own there are `bare`, `httpWithoutOAuth`, `queryTool` and `mutationTool`.
 * @throws Error with what Convex's command line says.
 */
export const deployed = async (modules: readonly string[]): Promise<Bundle[]> => {
  const cache = path.join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const cwd = await mkdtemp(path.join(cache, "weight-"));
  try {
    await setUp(cwd);
    await deploy(cwd);
    const fileOf = (module: string) => path.join(cwd, "out/isolate", `${module}.js`);
    return await Promise.all(modules.map((module) => bundle(fileOf(module))));
  } finally {
    await rm(cwd, { recursive: true });
  }
};
