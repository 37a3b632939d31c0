/** Finds the folders of an app: that of its functions, and in it that of the glue. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isObject } from "../src/wire/jsonrpc";
import { parseStrictJson } from "../src/wire/strictJson";

/** Where the glue is unless the app says otherwise. */
const DEFAULT_DIR = "toolgate";

/** Returns the folder of the app's functions, as `convex.json` says it, seen from `app`: `convex` if it says nothing. */
const functionsFolder = async (app: string): Promise<string> => {
  const text = await readFile(path.join(app, "convex.json"), "utf8").catch(() => "{}");
  const parsed = parseStrictJson(text);
  const functions =
    "value" in parsed && isObject(parsed.value) ? parsed.value.functions : undefined;
  return typeof functions === "string" ? functions : "convex";
};

const isAdmin = async (file: string): Promise<boolean> =>
  (await readFile(file, "utf8")).includes("adminModule(");

/**
 * Finds the folder of the glue by its `admin.ts`.
 *
 * @param app - the folder with `convex.json` or `convex/`.
 * @returns the folder as `defineToolgate` has it in `dir`, seen from that of the functions; `toolgate` if there is none, or more than one.
 */
export const glueFolder = async (app: string): Promise<string> => {
  const functions = path.join(app, await functionsFolder(app));
  const files = await readdir(functions, { recursive: true }).catch(() => []);
  const candidates = files.filter((file) => path.basename(file) === "admin.ts");
  const found: string[] = [];
  for (const file of candidates)
    if (await isAdmin(path.join(functions, file))) found.push(path.dirname(file));
  const [only] = found;
  return only === undefined || found.length > 1 ? DEFAULT_DIR : only.replaceAll(path.sep, "/");
};
