/**
 * `npm run bundle`: bundles convex/ with Convex's own bundler, without a deployment or network, and finds what would fail or be
 * slow there.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { HttpRouter } from "convex/server";
import { findCycle } from "./cycles";
import { load, type Loaded } from "./runtime/load";
import { missingGlobals } from "./runtime/missingGlobals";

/** Evaluated for every request, so zod, the heaviest thing here, must stay out of them. */
const LIGHT = ["http.js", "gate.js"];

/** Looks like a key, but its checksum is wrong. */
const MALFORMED_KEY = `cvxmcp_test_${"0".repeat(12)}_${"0".repeat(49)}`;

let failures = 0;

const report = (name: string, result: string): void => {
  console.log(name.padEnd(16), result);
};

const messageOf = (error: unknown): string =>
  // An error of the other context is no instance of this one's Error.
  typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);

/** Prints what a check found, or why it failed, and goes on either way. */
const check = async (name: string, run: () => Promise<string | undefined>): Promise<void> => {
  try {
    const result = await run();
    if (result !== undefined) report(name, result);
  } catch (error) {
    failures++;
    report(name, `FAILED: ${messageOf(error)}`);
  }
};

/** Runs the bundler; nothing listens at the address, and with `--debug-bundle-path` nothing is sent. */
const bundleInto = async (dir: string): Promise<void> => {
  const address = ["--url", "http://127.0.0.1:9", "--admin-key", "x|y"];
  const skip = ["--typecheck=disable", "--codegen=disable", "-y"];
  const args = ["convex", "deploy", "--debug-bundle-path", dir, ...address, ...skip];
  // Without CI the command, when it fails, tries to reach a crash reporter.
  await promisify(execFile)("npx", args, { env: { ...process.env, CI: "1" } });
};

/** The modules that Convex loads by name; what they share lies in `_deps`. */
const modulesIn = async (dir: string): Promise<string[]> => {
  const files = await readdir(dir, { recursive: true });
  return files.filter((file) => file.endsWith(".js") && !file.startsWith("_deps")).sort();
};

const isJsonObject = (text: string): boolean => {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null;
};

const hasZod = async (file: string): Promise<boolean> => {
  const map = JSON.parse(await readFile(`${file}.map`, "utf8")) as { sources: string[] };
  return map.sources.some((source) => source.includes("node_modules/zod/"));
};

const weigh = async ({ files }: Loaded): Promise<string> => {
  const zod = await Promise.all([...files.keys()].map(hasZod));
  if (zod.includes(true)) throw new Error("imports zod, which every request would evaluate");
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  return `${bytes} bytes in ${files.size} files, no zod`;
};

/** A request without a valid key must be refused before it costs a call of a Convex function. */
const refuse = async (http: Loaded, key?: string): Promise<string> => {
  const [endpoint] = (http.exports.default as HttpRouter).lookup("/mcp", "POST") ?? [];
  const { invokeHttpAction } = endpoint as unknown as {
    invokeHttpAction: (request: Request) => Promise<Response>;
  };
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const request = new Request("https://a.convex.site/mcp", { method: "POST", headers, body });
  const before = http.syscalls.length;
  const response = await invokeHttpAction(request);
  const answer = await response.text();
  const calls = http.syscalls.slice(before);
  if (response.status !== 401) throw new Error(`answered ${response.status}: ${answer}`);
  if (!isJsonObject(answer)) throw new Error(`answered no JSON object: ${answer}`);
  if (calls.length > 0) throw new Error(`asked Convex for ${calls.join(", ")}`);
  return "401 with JSON, 0 Convex calls";
};

const checkModules = async (dir: string): Promise<void> => {
  const loaded = new Map<string, Loaded>();
  const files = new Set<string>();
  for (const name of await modulesIn(dir)) {
    await check(name, async () => {
      const module = await load(path.join(dir, name));
      loaded.set(name, module);
      for (const file of module.files.keys()) files.add(file);
      return LIGHT.includes(name) ? weigh(module) : undefined;
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
  report("evaluated", `${loaded.size} modules with the globals that Convex has`);
  const http = loaded.get("http.js");
  if (http === undefined) return;
  await check("no key", () => refuse(http));
  await check("malformed key", () => refuse(http, MALFORMED_KEY));
};

await check("imports", async () => {
  const cycle = await findCycle(process.cwd());
  if (cycle !== undefined) throw new Error(`a circle: ${cycle}`);
  return "no circle";
});
const dir = await mkdtemp(path.join(tmpdir(), "toolgate-bundle-"));
await check("bundler", async () => {
  await bundleInto(dir);
  await checkModules(path.join(dir, "isolate"));
  return undefined;
});
await rm(dir, { recursive: true });
if (failures > 0) process.exitCode = 1;
