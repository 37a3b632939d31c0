/** The modules of an app, as Convex's own bundler takes them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A file of the Convex folder with functions. */
export interface Module {
  /** From the Convex folder, without extension, with `/`: `erp/orders`. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly runtime: "convex" | "node";
}

const EXTENSION = /\.(?:[mc]?js|[mc]?ts|[jt]sx)$/i;

/** The name of a module from its file. */
const moduleName = (convex: string, file: string): string =>
  path.relative(convex, file).split(path.sep).join("/").replace(EXTENSION, "");

/** A folder with `convex.config.ts` is a component, with functions of its own. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (!entry.isDirectory()) return entry.isFile() ? [file] : [];
    return existsSync(path.join(file, "convex.config.ts")) ? [] : filesIn(file);
  });

/** A second dot marks tests and settings: `orders.test.ts`, `auth.config.ts`. */
const isModule = (convex: string, file: string): boolean => {
  const base = path.basename(file);
  const relative = path.relative(convex, file);
  return (
    EXTENSION.test(base) &&
    !/^[.#]/.test(base) &&
    !relative.includes(" ") &&
    base.split(".").length === 2 &&
    !/^schema\.[jt]s$/.test(base) &&
    !relative.startsWith(`_generated${path.sep}`)
  );
};

const isScript = (text: string): boolean => !/^\s*(?:import|export)\b/m.test(text);

/** The directive stands before all else but comments. */
const usesNode = (text: string): boolean =>
  /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/|(?:"[^"\n]*"|'[^'\n]*');?)*?["']use node["']/.test(text);

/** Lists the modules of a Convex folder, in the order of their files. `schema.ts` is none of them. */
export const modulesIn = (convex: string): Module[] =>
  filesIn(convex)
    .filter((file) => isModule(convex, file))
    .flatMap((file) => {
      const text = readFileSync(file, "utf8");
      if (/\.tsx?$/.test(file) && isScript(text)) return [];
      const runtime = usesNode(text) ? "node" : "convex";
      return [{ name: moduleName(convex, file), file, runtime } as const];
    });

/** Finds the file of a name in the Convex folder, such as `schema` or `http`; undefined if there is none. */
export const fileOf = (convex: string, name: string): string | undefined =>
  ["ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs"]
    .map((extension) => path.join(convex, `${name}.${extension}`))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
