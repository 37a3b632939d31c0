/** The environment that an app's modules are evaluated with. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";

/** Convex sets them on every deployment. */
const OF_CONVEX = {
  CONVEX_CLOUD_URL: "https://example.convex.cloud",
  CONVEX_SITE_URL: "https://example.convex.site",
} as const;

/**
 * Reads `.env` and `.env.local`; the second counts. What the shell has set counts most.
 *
 * @param root - the folder of the files.
 */
export const environmentOf = (root: string): NodeJS.ProcessEnv => {
  const files = [".env", ".env.local"]
    .map((name) => path.join(root, name))
    .filter((file) => existsSync(file))
    .map((file) => parseEnv(readFileSync(file, "utf8")));
  return Object.assign({}, OF_CONVEX, ...files, process.env) as NodeJS.ProcessEnv;
};
