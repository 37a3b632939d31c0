/** Changes of files: all are made, or none. */
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createTwoFilesPatch } from "diff";
import { Failure } from "../operate/run";

/** A file as it is and as it becomes. */
export interface Change {
  /** Absolute. */
  readonly file: string;
  /** Undefined if there is no such file yet. */
  readonly before?: string | undefined;
  /** Undefined if the file goes. */
  readonly after?: string | undefined;
}

/** Reads a file that is about to be changed; undefined if there is none. */
export const textOf = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
  }
};

/** Shows changes as a patch, with the lines that go and come. */
export const patchOf = (root: string, changes: readonly Change[]): string =>
  changes
    .map(({ file, before, after }) => {
      const name = path.relative(root, file).split(path.sep).join("/");
      const from = before === undefined ? "/dev/null" : name;
      const to = after === undefined ? "/dev/null" : name;
      const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", "", "", {
        context: 2,
      });
      return patch.replace(/^Index: .*\n=+\n/, "");
    })
    .join("");

const put = async (file: string, text: string | undefined): Promise<void> => {
  if (text === undefined) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
};

/** Removes the folder of a file that is gone, if nothing is left in it. */
const tidy = async (file: string): Promise<void> => {
  await rmdir(path.dirname(file)).catch(() => undefined);
};

const undo = async (made: readonly Change[]): Promise<void> => {
  for (const { file, before } of made.toReversed()) {
    await put(file, before);
    if (before === undefined) await tidy(file);
  }
};

/**
 * Makes changes. If one fails, those before it are undone.
 *
 * @throws Failure that names the file. Then every file is as it was.
 */
export const make = async (changes: readonly Change[]): Promise<void> => {
  const begun: Change[] = [];
  for (const change of changes) {
    begun.push(change);
    try {
      await put(change.file, change.after);
      if (change.after === undefined) await tidy(change.file);
    } catch (error) {
      await undo(begun);
      const { message } = error as Error;
      throw new Failure(
        `${change.file} cannot be written: ${message}\nNothing was changed: every file is as it was.`,
      );
    }
  }
};
