/**
 * The declarations of the package, in an app that is not ours: under Convex's default settings and `skipLibCheck: false`, with the oldest
 * versions that an adopter may have and with the newest.
 */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { complaints } from "./compiler";

const root = path.resolve(import.meta.dirname, "../..");
const oldest = path.join(root, "test/adoption/oldest/node_modules");
const newest = path.join(root, "node_modules");

const VERSIONS = [
  ["TypeScript 5.3, convex 1.31", path.join(oldest, "typescript/bin/tsc"), oldest],
  ["TypeScript 7, newest convex", path.join(newest, "@typescript/native/bin/tsc"), newest],
] as const;

/** The foreign app with the package and the `convex` that it has. */
const foreignApp = async (content: string, modules: string): Promise<string> => {
  const app = await mkdtemp(path.join(tmpdir(), "toolgate-foreign-"));
  await cp(path.join(root, "test/adoption/foreign"), app, { recursive: true });
  await mkdir(path.join(app, "node_modules"));
  await symlink(path.join(modules, "convex"), path.join(app, "node_modules/convex"));
  await cp(content, path.join(app, "node_modules/toolgate"), { recursive: true });
  return app;
};

/** So that a compiler that looks at nothing is found out. */
const WRONG =
  'import { compose } from "toolgate/http";\nimport { rbac } from "toolgate/middleware";\ncompose(rbac());\n';

const check = async (compiler: string, app: string): Promise<void> => {
  const said = await complaints(compiler, app);
  if (said !== "") throw new Error(said);
  await writeFile(path.join(app, "convex/wrong.ts"), WRONG);
  if (!(await complaints(compiler, app)).includes("wrong.ts"))
    throw new Error("a chain in the wrong order compiles");
};

/**
 * Compiles the foreign app against the package.
 *
 * @param content - the folder of the package.
 * @throws Error with what a compiler says.
 */
export const checkDeclarations = async (content: string): Promise<string> => {
  for (const [, compiler, modules] of VERSIONS) {
    const app = await foreignApp(content, modules);
    try {
      await check(compiler, app);
    } finally {
      await rm(app, { recursive: true });
    }
  }
  return VERSIONS.map(([name]) => name).join("; ");
};
