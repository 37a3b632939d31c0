/**
 * `npm run package`: builds and packs the package, and finds what would fail those who install it: a door that is no subpath, a file too
 * many or too few, declarations that another compiler refuses, a door that lacks something, a program that does not start. Needs no
 * network, and publishes nothing.
 */
import { execFile } from "node:child_process";
import { readdir, readFile, rm, symlink } from "node:fs/promises";
import { SourceMap, type SourceMapping } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { RUNTIME } from "../lazy/lazy";
import { checkDeclarations } from "./declarations";
import { pack, type Packed } from "./pack";

const root = path.resolve(import.meta.dirname, "../..");
const bin = path.join(root, "node_modules/.bin");

/** What a package of this size may grow to before somebody thinks about it. The page of the console is a quarter of it. */
const BUDGET = { packedSize: 1_500_000, unpackedSize: 6_000_000, files: 2_000 };

/** What the package may hold, beside what npm always adds. */
const CONTENT =
  /^(dist\/(src|cli|console)|src|docs|skills)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;

const run = (file: string, args: readonly string[], cwd = root) =>
  promisify(execFile)(file, args, { cwd, env: { ...process.env, NO_COLOR: "1", CI: "1" } });

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
}

const manifestOf = async ({ content }: Packed): Promise<Manifest> =>
  JSON.parse(await readFile(path.join(content, "package.json"), "utf8")) as Manifest;

/** Each door of src/entry is a subpath, and nothing else is one. */
const checkExports = async (packed: Packed): Promise<string> => {
  const doors = (await readdir(path.join(root, "src/entry"))).map((file) => path.parse(file).name);
  const wanted = doors.sort().map((door) => {
    const file = `./dist/src/entry/${door}`;
    return [`./${door}`, { types: `${file}.d.ts`, default: `${file}.js` }];
  });
  const expected = JSON.stringify([...wanted, ["./package.json", "./package.json"]]);
  if (JSON.stringify(Object.entries((await manifestOf(packed)).exports)) !== expected)
    throw new Error(`package.json must export ${expected}`);
  return `${doors.length} doors`;
};

/** The build makes the doors anew (see .ci/lazy/lazy.ts): each exports what its source does. */
const checkDoors = async ({ content }: Packed): Promise<string> => {
  const kindsOf = async (file: string): Promise<string> =>
    JSON.stringify(
      Object.entries((await import(file)) as object)
        .map(([name, value]) => [name, typeof value])
        .sort(),
    );
  // Doors and program find what the package depends on.
  await symlink(path.join(root, "node_modules"), path.join(content, "node_modules"));
  const doors = await readdir(path.join(root, "src/entry"));
  for (const door of doors) {
    const packed = path.join(content, "dist/src/entry", door.replace(/ts$/, "js"));
    const [given, wanted] = [
      await kindsOf(packed),
      await kindsOf(path.join(root, "src/entry", door)),
    ];
    if (given !== wanted) throw new Error(`${door} exports ${given}, its source ${wanted}`);
  }
  return `${doors.length} doors export what their sources do`;
};

const checkContent = ({ files }: Packed): string => {
  const strange = files.filter((file) => !CONTENT.test(file) || /\.test(-d)?\./.test(file));
  if (strange.length > 0) throw new Error(`holds ${strange.join(", ")}`);
  const held = new Set(files);
  const missing = files
    .filter((file) => /^dist\/src\/.*\.js$/.test(file) && file !== `dist/src/${RUNTIME.file}`)
    .map((file) => file.slice("dist/".length).replace(/\.js$/, ".ts"))
    .filter((source) => !held.has(source));
  if (missing.length > 0) throw new Error(`the maps lack ${missing.join(", ")}`);
  return "the build, its sources, docs";
};

/** Where the code throws something, its map leads to the line of the source that does. */
const checkMaps = async ({ content, files }: Packed): Promise<string> => {
  let found = 0;
  for (const file of files.filter((name) => /^dist\/src\/.*\.js$/.test(name))) {
    const lines = (await readFile(path.join(content, file), "utf8")).split("\n");
    const thrown = lines.flatMap((line, at) => (/^\s+throw new /.test(line) ? [at] : []));
    if (thrown.length === 0) continue;
    const map = JSON.parse(await readFile(path.join(content, `${file}.map`), "utf8")) as never;
    for (const at of thrown) {
      const entry = new SourceMap(map).findEntry(at, lines[at]?.indexOf("throw") ?? 0);
      const { originalSource: from, originalLine: line } = entry as SourceMapping;
      const source = await readFile(path.join(content, path.dirname(file), from), "utf8");
      if (!source.split("\n")[line]?.includes("throw new "))
        throw new Error(`${file}:${at + 1} leads to ${from}:${line + 1}`);
      found++;
    }
  }
  return `${found} places lead to their source`;
};

const checkSize = ({ packedSize, unpackedSize, files }: Packed): string => {
  const sizes = { packedSize, unpackedSize, files: files.length };
  const said = JSON.stringify(sizes);
  for (const name of ["packedSize", "unpackedSize", "files"] as const)
    if (sizes[name] > BUDGET[name]) throw new Error(`${said}: at most ${BUDGET[name]} ${name}`);
  return said;
};

const checkPublint = async ({ tarball }: Packed): Promise<string> => {
  await run(path.join(bin, "publint"), ["--strict", tarball]);
  return "nothing to say";
};

const checkTypes = async ({ tarball }: Packed): Promise<string> => {
  await run(path.join(bin, "attw"), [tarball, "--profile", "esm-only", "--no-emoji"]);
  return "each door resolves";
};

/** The program as an adopter has it, without tsx. */
const checkProgram = async (packed: Packed): Promise<string> => {
  const program = path.join(packed.content, "dist/cli/main.js");
  const { stdout } = await run(process.execPath, [program, "--version"], packed.folder);
  const { version } = await manifestOf(packed);
  if (stdout.trim() !== version) throw new Error(`says ${stdout}, not ${version}`);
  return `starts, and says ${version}`;
};

const checkDryRun = async (): Promise<string> => {
  const { stderr } = await run("npm", ["publish", "--dry-run", "--ignore-scripts", "--offline"]);
  // Nobody who checks is logged in.
  const warnings = stderr
    .split("\n")
    .filter(
      (line) => line.startsWith("npm warn") && !line.includes("requires you to be logged in"),
    );
  if (warnings.length > 0) throw new Error(warnings.join("\n"));
  return "no warning";
};

const packed = await pack();
const checks = {
  exports: () => checkExports(packed),
  content: () => checkContent(packed),
  maps: () => checkMaps(packed),
  size: () => checkSize(packed),
  publint: () => checkPublint(packed),
  attw: () => checkTypes(packed),
  declarations: () => checkDeclarations(packed.content),
  doors: () => checkDoors(packed),
  program: () => checkProgram(packed),
  "publish --dry-run": checkDryRun,
};
for (const [name, check] of Object.entries(checks)) {
  const startedAt = performance.now();
  try {
    const found = await check();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(name.padEnd(20), `${seconds.padStart(4)} s `, found);
  } catch (error) {
    const { message, stdout } = error as Error & { stdout?: string };
    console.log(name.padEnd(20), `FAILED: ${message}\n${stdout ?? ""}`);
    process.exitCode = 1;
  }
}
await rm(packed.folder, { recursive: true });
