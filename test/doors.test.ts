/** The rule of the doors finds what comes in by one and must not, and nothing in this repository. */
import path from "node:path";
import { expect, test } from "vitest";
import { findStrangers } from "../.ci/doors";
import { newTree } from "./support/tree";

const { put, root } = newTree({
  "src/entry/http.ts": 'export { a } from "../mcp/a";',
  "src/mcp/a.ts": 'import type { G } from "../gate/g";\nexport const a: G = 1;',
  "src/gate/g.ts": "export type G = number;\nexport const g = 2;",
});

test("this repository is in order", async () => {
  expect(await findStrangers(path.resolve(import.meta.dirname, ".."))).toEqual([]);
});

test("a type may come from anywhere: it weighs nothing", async () => {
  expect(await findStrangers(root())).toEqual([]);
});

test("code of a folder that the door must not hold is found, through a file in between", async () => {
  await put({ "src/mcp/a.ts": 'import { g } from "../gate/g";\nexport const a = () => g;' });
  expect(await findStrangers(root())).toEqual([
    "src/entry/http.ts brings in src/gate/g.ts: it may hold mcp, middleware, asking, auth, registry, runner, data, wire, base",
  ]);
});

test("a door that no list names is found", async () => {
  await put({ "src/entry/barrel.ts": 'export * from "../mcp/a";' });
  expect(await findStrangers(root())).toEqual([
    "src/entry/barrel.ts is no door that .ci/doors.ts knows",
  ]);
});
