/** Finds globals that Convex lacks by reading: also in code that nothing has run. */
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import { missing, stubs } from "./globals.js";

const MARK = "missingGlobal";

const wrong = [...missing, ...stubs];

/**
 * Which globals a file uses that Convex lacks, or has only in name. A file that tests a name by `typeof` knows that it may be
 * missing, so there the name is not reported.
 */
export const missingGlobals = async (file: string): Promise<string[]> => {
  // esbuild's `define` replaces exactly the names that no scope of the file declares.
  const define = Object.fromEntries(wrong.map((name) => [name, `${MARK}.${name}`]));
  const { code } = await transform(await readFile(file, "utf8"), { define, target: "esnext" });
  return wrong.filter(
    (name) =>
      new RegExp(`\\b${MARK}\\.${name}\\b`).test(code) && !code.includes(`typeof ${MARK}.${name}`),
  );
};
