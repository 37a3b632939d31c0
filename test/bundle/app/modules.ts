/** Finds the modules of the app, and bundles each when it is first asked for. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";
import { bundle, type Bundle } from "../runtime/load";

/** Path without extension, such as `toolgate/gate` → its bundle. */
export type Bundles = ReadonlyMap<string, () => Promise<Bundle>>;

/** Modules in the sense of Convex: not `_generated`, not the shared code of its bundler, no second dot. */
const isModule = (file: string): boolean => /^(?!_)[^.]+\.[jt]s$/.test(file.replaceAll("\\", "/"));

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/** @param dir - `convex/`, or the folder into which Convex's bundler has written. */
export const modulesIn = async (dir: string): Promise<Bundles> => {
  const files = (await readdir(dir, { recursive: true })).filter(isModule);
  return new Map(
    files.map((file) => [file.replace(/\.[jt]s$/, ""), once(() => bundle(path.join(dir, file)))]),
  );
};

/** The same modules, with those that contain `edited` bundled anew by `plugin`. */
export const edit = (bundles: Bundles, edited: string, plugin: Plugin): Bundles =>
  new Map(
    [...bundles].map(([name, made]) => [
      name,
      once(async () => {
        const whole = await made();
        return whole.files.has(edited) ? bundle(whole.file, [plugin]) : whole;
      }),
    ]),
  );
