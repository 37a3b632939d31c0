/** Finds the modules of the Convex app as Convex's own bundler does. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const convexDir = fileURLToPath(new URL("../convex", import.meta.url));

/** Loads a module and returns its exports. Node evaluates it only once. */
export type Load = () => Promise<Record<string, unknown>>;

/** Path without extension, from the root of the project, such as `convex/erp/orders` → a function that loads the module. */
export type Modules = Readonly<Record<string, Load>>;

/** A file whose name has a second dot (`x.test.ts`, `x.d.ts`, `convex.config.ts`) is not a module. */
const isModule = (file: string): boolean => /^[^.]+\.[jt]sx?$/.test(path.basename(file));

const nameOf = (file: string): string =>
  ["convex", ...file.replace(/\.[^.]+$/, "").split(path.sep)].join("/");

/** Finds the modules; loads none. `_generated` is among them, because convex-test takes the folder above it as the root. */
export const findModules = async (): Promise<Modules> => {
  const files = await readdir(convexDir, { recursive: true });
  return Object.fromEntries(
    files.filter(isModule).map((file) => {
      const { href } = pathToFileURL(path.join(convexDir, file));
      return [nameOf(file), () => import(href) as ReturnType<Load>];
    }),
  );
};
