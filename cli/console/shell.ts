/** The files of the page, which the build has put beside the program. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** By the package's name, because the built program and its source lie at different depths. */
export const PAGE_FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("toolgate/package.json")),
  "dist/console",
);

/** What stands in the document where the nonce of an answer belongs. */
const NONCE = "__NONCE__";

/**
 * Reads the document.
 *
 * @param nonce - of this answer.
 * @returns undefined if the page was not built.
 */
export const readShell = async (nonce: string): Promise<string | undefined> => {
  const document = await readFile(path.join(PAGE_FOLDER, "index.html"), "utf8").catch(() => "");
  return document === "" ? undefined : document.replaceAll(NONCE, nonce);
};
