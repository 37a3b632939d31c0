/**
 * The declarations of the library, in an app that is not ours: under Convex's default settings and `skipLibCheck: false`, with the oldest
 * versions an adopter may have and with the newest.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const oldest = path.join(root, "test/adoption/oldest/node_modules");
const newest = path.join(root, "node_modules");

/** What the compiler says, nothing if all is well. */
const complaints = async (compiler: string, args: readonly string[]): Promise<string> => {
  try {
    return (await run(process.execPath, [compiler, ...args], { cwd: root })).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
};

const nativeTsc = path.join(newest, "@typescript/native/bin/tsc");

let declarations: string;

/** As a build of the package would, from the doors. */
beforeAll(async () => {
  declarations = await mkdtemp(path.join(tmpdir(), "toolgate-declarations-"));
  const doors = await readdir(path.join(root, "src/entry"));
  const said = await complaints(nativeTsc, [
    ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", declarations],
    ...["--rootDir", "src", "--target", "esnext", "--module", "esnext"],
    ...["--moduleResolution", "bundler", "--strict", "--exactOptionalPropertyTypes"],
    ...["--noUncheckedIndexedAccess", "--verbatimModuleSyntax", "--skipLibCheck"],
    ...["--lib", "ES2023,DOM,DOM.Iterable,DOM.AsyncIterable", "--types", "node"],
    ...doors.map((door) => `src/entry/${door}`),
  ]);
  expect(said).toBe("");
  const exports = doors.map((door) => path.basename(door, ".ts"));
  await writeFile(
    path.join(declarations, "package.json"),
    JSON.stringify({
      ...{ name: "toolgate", type: "module" },
      exports: Object.fromEntries(
        exports.map((name) => [`./${name}`, { types: `./entry/${name}.d.ts` }]),
      ),
    }),
  );
}, 60_000);
afterAll(() => rm(declarations, { recursive: true }));

/** The foreign app, with the packages that it has. */
const foreignApp = async (modules: string): Promise<string> => {
  const app = await mkdtemp(path.join(tmpdir(), "toolgate-foreign-"));
  await cp(path.join(root, "test/adoption/foreign"), app, { recursive: true });
  await mkdir(path.join(app, "node_modules"));
  await symlink(path.join(modules, "convex"), path.join(app, "node_modules/convex"));
  await cp(declarations, path.join(app, "node_modules/toolgate"), { recursive: true });
  return app;
};

test.each([
  ["TypeScript 5.3 and convex 1.31", path.join(oldest, "typescript/bin/tsc"), oldest],
  ["TypeScript 7 and the convex of this repository", nativeTsc, newest],
])(
  "%s take them",
  async (_what, compiler, modules) => {
    const app = await foreignApp(modules);
    try {
      expect(await complaints(compiler, ["-p", app, "--preserveSymlinks"])).toBe("");
      // So that a compiler that looks at nothing is found out.
      await writeFile(
        path.join(app, "convex/wrong.ts"),
        'import { compose, rbac } from "toolgate/middleware";\ncompose(rbac());\n',
      );
      expect(await complaints(compiler, ["-p", app, "--preserveSymlinks"])).toContain("wrong.ts");
    } finally {
      await rm(app, { recursive: true });
    }
  },
  60_000,
);
