/** A folder of files that a rule looks through, made anew for each test of the file that asks for it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";

type Files = Readonly<Record<string, string>>;

/** @param begin - what every test begins with: texts by path. */
export const newTree = (begin: Files) => {
  let root = "";
  const put = async (files: Files): Promise<void> => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
  };
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "toolgate-tree-"));
    await put(begin);
  });
  afterEach(() => rm(root, { recursive: true }));
  return { put, root: () => root };
};
