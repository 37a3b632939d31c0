/**
 * The doors of the package: one for each place where code runs, and what may come in by it. Convex evaluates all of it for every
 * call, so a folder that a door does not need makes every call heavier. Types weigh nothing and do not count.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** Door → the folders of `src/` whose code its bundle may hold, beside the door itself. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  http: ["mcp", "middleware", "asking", "auth", "registry", "data", "wire", "base"],
  middleware: ["middleware", "auth", "wire", "base"],
  tools: ["registry"],
  gate: ["gate", "middleware", "jobs", "run", "asking", "auth", "registry", "data", "wire", "base"],
  reading: ["run", "asking", "registry", "data", "wire", "base"],
  worker: ["jobs", "run", "asking", "registry", "data", "wire", "base"],
  jobs: ["middleware", "jobs", "run", "asking", "auth", "registry", "data", "wire", "base"],
  catalog: ["catalog", "jobs", "auth", "registry", "data", "base"],
  admin: ["operate", "middleware", "auth", "data", "base"],
  functions: ["catalog", "jobs", "asking", "auth", "data", "base"],
  tables: ["data"],
};

/** The files of ours in the bundle of a door, by esbuild's account of it. */
const filesBehind = async (root: string, door: string): Promise<string[]> => {
  const { metafile } = await build({
    ...{ absWorkingDir: root, entryPoints: [`src/entry/${door}.ts`], packages: "external" },
    ...{ bundle: true, format: "esm", write: false, metafile: true, logLevel: "silent" },
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
};

const strangersBehind = async (root: string, door: string): Promise<string[]> => {
  const allowed = DOORS[door];
  if (allowed === undefined) return [`src/entry/${door}.ts is no door that .ci/doors.ts knows`];
  return (await filesBehind(root, door))
    .filter((file) => !["entry", ...allowed].includes(file.split("/")[1] ?? ""))
    .map((file) => `src/entry/${door}.ts brings in ${file}: it may hold ${allowed.join(", ")}`);
};

/**
 * What comes in by a door through which it must not come.
 *
 * @param root - of the repository.
 * @returns a line each, for people; empty if all is in order.
 */
export const findStrangers = async (root: string): Promise<string[]> => {
  const doors = readdirSync(path.join(root, "src/entry")).map((file) => path.basename(file, ".ts"));
  return (await Promise.all(doors.map((door) => strangersBehind(root, door)))).flat();
};
