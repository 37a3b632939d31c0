/**
 * The doors of the package, one for each place where code runs, and the folders that each may import. Convex evaluates the whole bundle
 * of a door for every call, so a folder that the door does not need makes every call slower. Types have no weight and do not count.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** What runs a job. */
const JOBS = [
  "middleware",
  "jobs",
  "run",
  "asking",
  "auth",
  "registry",
  "runner",
  "data",
  "wire",
  "base",
];

/** What decides on a held call runs it too, as the gate does. */
const DECIDING = ["approvals", "operate", "gate", ...JOBS];

/** Door → the folders of `src/` that its bundle may hold, in addition to `src/entry`. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  http: ["mcp", "middleware", "asking", "auth", "registry", "runner", "data", "wire", "base"],
  connect: ["connect", "middleware", "auth", "registry", "runner", "data", "wire", "base"],
  middleware: ["middleware", "auth", "wire", "base"],
  tools: ["registry"],
  gate: ["gate", "middleware", "jobs", "run", "asking", "auth", "registry", "data", "wire", "base"],
  reading: ["run", "asking", "auth", "registry", "data", "wire", "base"],
  worker: ["jobs", "run", "asking", "auth", "registry", "runner", "data", "wire", "base"],
  jobs: JOBS,
  catalog: [
    "catalog",
    "jobs",
    "run",
    "asking",
    "auth",
    "registry",
    "data",
    "fields",
    "wire",
    "base",
  ],
  admin: DECIDING,
  approvals: DECIDING,
  connections: [
    "grants",
    "operate",
    "middleware",
    "run",
    "auth",
    "registry",
    "runner",
    "data",
    "base",
  ],
  functions: [
    "catalog",
    "jobs",
    "run",
    "asking",
    "auth",
    "runner",
    "data",
    "fields",
    "wire",
    "base",
  ],
  tables: ["data"],
  test: ["testing", "auth"],
};

/** Returns the files of this repository in the bundle of a door, as esbuild counts them. */
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
 * Finds files in the bundle of a door that must not be there.
 *
 * @param root - of the repository.
 * @returns a line per file, for people; empty if there is none.
 */
export const findStrangers = async (root: string): Promise<string[]> => {
  const doors = readdirSync(path.join(root, "src/entry")).map((file) => path.basename(file, ".ts"));
  return (await Promise.all(doors.map((door) => strangersBehind(root, door)))).flat();
};
