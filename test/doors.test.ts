/** The rule of the doors finds what comes in by one and must not, and nothing in this repository. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findStrangers } from "../.ci/doors";

let root: string;

const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
};

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "toolgate-doors-"));
  await put({
    "src/entry/http.ts": 'export { a } from "../mcp/a";',
    "src/mcp/a.ts": 'import type { G } from "../gate/g";\nexport const a: G = 1;',
    "src/gate/g.ts": "export type G = number;\nexport const g = 2;",
  });
});
afterEach(() => rm(root, { recursive: true }));

test("this repository is in order", async () => {
  expect(await findStrangers(path.resolve(import.meta.dirname, ".."))).toEqual([]);
});

test("a type may come from anywhere: it weighs nothing", async () => {
  expect(await findStrangers(root)).toEqual([]);
});

test("code of a folder that the door must not hold is found, through a file in between", async () => {
  await put({ "src/mcp/a.ts": 'import { g } from "../gate/g";\nexport const a = () => g;' });
  expect(await findStrangers(root)).toEqual([
    "src/entry/http.ts brings in src/gate/g.ts: it may hold mcp, middleware, asking, auth, registry, runner, data, wire, base",
  ]);
});

test("a door that no list names is found", async () => {
  await put({ "src/entry/barrel.ts": 'export * from "../mcp/a";' });
  expect(await findStrangers(root)).toEqual([
    "src/entry/barrel.ts is no door that .ci/doors.ts knows",
  ]);
});
