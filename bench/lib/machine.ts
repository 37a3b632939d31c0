/** What the numbers were measured on and with. */
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./root";

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);

/** Said of a section when it ends. */
export const machine = (): string =>
  `Measured on ${String(os.availableParallelism())} cores (${(os.cpus()[0]?.model ?? "unknown").trim()}), ${gib(os.totalmem())} GiB, ` +
  `${os.type()} ${os.arch()}, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1) ?? "?"} at the end, ` +
  `${new Date().toISOString().slice(0, 10)}.`;

const dependenciesOf = (folder: string): string[] => {
  const text = readFileSync(path.join(root, folder, "package.json"), "utf8");
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Partial<
    Record<"dependencies" | "devDependencies", Record<string, string>>
  >;
  return Object.keys({ ...dependencies, ...devDependencies });
};

const versionOf = (folder: string, name: string): string => {
  const file = path.join(root, folder, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
};

/** The packages that were raced, and those under the app and under the measuring. */
export const packages = (): string => {
  const raced = dependenciesOf("bench").map((name) => `${name} ${versionOf("bench", name)}`);
  const own = ["convex-helpers", "convex-test", "esbuild"].map(
    (name) => `${name} ${versionOf(".", name)}`,
  );
  return [...raced, ...own].join(", ") + ".";
};
