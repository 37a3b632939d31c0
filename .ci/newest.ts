/**
 * `npm run newest`: types, bundle and a smoke test against the newest `convex`, `convex-test` and `convex-helpers`, under Node 22, in a
 * copy of the checkout. It is no part of CI: a release of others must not keep a change of ours from landing.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const NODE = "22";
const FOLLOWED = ["convex", "convex-test", "convex-helpers"];

/** Tools, a client of the official SDK, and the ERP behind a socket. */
const SMOKE = [
  "test/doors.test.ts",
  "test/clients/sdk1.test.ts",
  "test/erp/orders.test.ts",
  "test/erp/orderStates.test.ts",
];

const root = path.resolve(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "toolgate-newest-"));

const copyTracked = (): void => {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
  for (const file of listed.split("\0").filter((name) => name !== ""))
    cpSync(path.join(root, file), path.join(folder, "app", file));
};

/** The package `node` brings the program of one platform. */
const nodeFolder = path.join(folder, "node");
const env = {
  ...process.env,
  PATH: `${path.join(nodeFolder, "node_modules/node/bin")}${path.delimiter}${process.env.PATH ?? ""}`,
};

/** Whether a command succeeds. @throws Error if it does not start, or is killed */
const run = (command: string, args: readonly string[], cwd = path.join(folder, "app")): boolean => {
  const { status, signal, error } = spawnSync(command, args, { cwd, env, stdio: "inherit" });
  if (status === null) throw error ?? new Error(`${command} ended by ${String(signal)}`);
  return status === 0;
};

const versionOf = (name: string): string => {
  const file = path.join(folder, "app/node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
};

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

const install = (): boolean =>
  run("npm", ["install", ...QUIET, "--prefix", nodeFolder, `node@${NODE}`], root) &&
  run("npm", ["ci", ...QUIET]) &&
  run("npm", ["install", ...QUIET, "--no-save", ...FOLLOWED.map((name) => `${name}@latest`)]);

const tellVersions = (): void => {
  const node = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
  const versions = FOLLOWED.map((name) => `${name} ${versionOf(name)}`);
  console.log(["node " + node, ...versions].join(", "));
};

const steps: readonly (readonly [name: string, work: () => boolean])[] = [
  ["types", () => run("npx", ["tsc", "--noEmit"])],
  ["bundle", () => run("npx", ["tsx", ".ci/bundle.ts"])],
  ["smoke test", () => run("npx", ["vitest", "run", ...SMOKE])],
];

try {
  copyTracked();
  if (!install()) throw new Error("the newest versions could not be installed");
  tellVersions();
  const failed = steps.filter(([, work]) => !work()).map(([name]) => name);
  tellVersions();
  console.log(failed.length === 0 ? "all passed" : `failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
