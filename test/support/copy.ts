/** A copy of the repository, to change and to run its tests in. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export const root = path.resolve(import.meta.dirname, "../..");

/** What programs need that run in a copy. They must not take themselves for a part of the test that starts them. */
export const environment = { ...process.env, CI: "1", NO_COLOR: "1", VITEST: undefined };

/** What `npm run build` has made of views/, which Git does not know. */
const BUILT = "convex/erp/viewPages.js";

/**
 * Copies every file that Git knows, as it stands, and the built views, and links the packages.
 *
 * @param name - what the folder is for.
 * @returns the folder, for the caller to remove.
 */
export const copyRepository = async (name: string): Promise<string> => {
  const copy = await mkdtemp(path.join(tmpdir(), `toolgate-${name}-`));
  const { stdout } = await run("git", ["ls-files"], { cwd: root });
  for (const file of [...stdout.trim().split("\n"), BUILT]) {
    await mkdir(path.dirname(path.join(copy, file)), { recursive: true });
    await cp(path.join(root, file), path.join(copy, file));
  }
  for (const modules of ["node_modules", "test/adoption/oldest/node_modules"])
    await symlink(path.join(root, modules), path.join(copy, modules));
  return copy;
};
