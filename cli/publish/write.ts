/** Writes what is published. */
import path from "node:path";
import { make, textOf } from "../edit/changes";
import { Failure } from "../operate/run";

/**
 * Writes files, all or none.
 *
 * @param files - path, seen from `folder` → text.
 * @param force - whether files that are there are replaced.
 * @throws Failure that names the files that are there, or the one that cannot be written.
 */
export const writeFiles = async (
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean | undefined,
): Promise<void> => {
  const changes = await Promise.all(
    [...files].map(async ([name, after]) => {
      const file = path.resolve(folder, name);
      return { file, before: await textOf(file), after };
    }),
  );
  const there = changes.filter(({ before }) => before !== undefined).map(({ file }) => file);
  if (there.length > 0 && !force)
    throw new Failure(`Nothing was written. Say --force to replace ${there.join(", ")}`);
  await make(changes);
};

export const jsonText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
