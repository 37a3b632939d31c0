/** What the numbers were measured on and with. */
import { readFileSync } from "node:fs";
import os from "node:os";

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);

/** Said of a section when it ends. */
export const machine = (): string =>
  `Measured on ${String(os.availableParallelism())} cores (${(os.cpus()[0]?.model ?? "unknown").trim()}), ${gib(os.totalmem())} GiB, ` +
  `${os.type()} ${os.arch()}, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1) ?? "?"} at the end, ` +
  `${new Date().toISOString().slice(0, 10)}.`;

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;

const versionsIn = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `${name} ${manifest(`${folder}/node_modules/${name}`).version}`);

/** The packages that were raced, and those under the app and under the measuring. */
export const packages = (): string => {
  const raced = versionsIn("bench", Object.keys(manifest("bench").devDependencies));
  const own = versionsIn(".", ["convex-helpers", "convex-test", "esbuild"]);
  return `${[...raced, ...own].join(", ")}.`;
};
