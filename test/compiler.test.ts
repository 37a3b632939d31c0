/** A compiler that does not work is told from one that has nothing to say. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { complaints } from "../.ci/package/compiler";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "toolgate-compiler-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A compiler that does this. */
const compilerThat = async (script: string): Promise<string> => {
  const file = path.join(folder, "compiler.mjs");
  await writeFile(file, script);
  return file;
};

test("nothing is said of a good app", async () => {
  expect(await complaints(await compilerThat(""), folder)).toBe("");
});

test("what a compiler finds is returned", async () => {
  const found = await compilerThat('console.log("wrong.ts(2,1): error"); process.exitCode = 2;');
  expect(await complaints(found, folder)).toBe("wrong.ts(2,1): error\n");
});

test.each([
  ["ends at once, without output", "process.exitCode = 1;", "Command failed"],
  ["throws", 'throw new Error("no memory");', "no memory"],
  ["is killed", 'process.kill(process.pid, "SIGKILL");', "Command failed"],
  [
    "is killed after a line",
    'process.stdout.write("a.ts: error\\n", () => process.kill(process.pid, "SIGKILL"));',
    "Command failed",
  ],
])("a compiler that %s is no compiler without complaints", async (_, script, why) => {
  await expect(complaints(await compilerThat(script), folder)).rejects.toThrow(why);
});

test("nor is one that is not there", async () => {
  const missing = path.join(folder, "missing.js");
  await expect(complaints(missing, folder)).rejects.toThrow("Cannot find module");
});
