/** The rule that only a catalog may hold zod finds who else brings it along, and nothing in this repository. */
import path from "node:path";
import { expect, test } from "vitest";
import { findZod } from "../.ci/zod";
import { newTree } from "./support/tree";

const ZOD = "node_modules/zod/index.js";

const { put, root } = newTree({
  [ZOD]: "export const string = () => ({});",
  "node_modules/zod/package.json": '{ "name": "zod", "main": "index.js" }',
  "src/entry/functions.ts": 'export { a } from "../a";\nexport { keep } from "../keep";',
  "src/a.ts": "export const a = 1;",
  "src/keep.ts": 'import { string } from "zod";\nexport const keep = () => string();',
  "package.json": '{ "sideEffects": false }',
  "convex/notes.ts": 'import { a } from "toolgate/functions";\nexport const add = () => a;',
});

test.each(["convex", "examples/smallest/convex"])(
  "this repository is in order: %s",
  async (app) => {
    expect(await findZod(path.resolve(import.meta.dirname, ".."), app)).toEqual([]);
  },
  30_000,
);

test("what a door could give, and nobody takes, is not held", async () => {
  expect(await findZod(root(), "convex")).toEqual([]);
});

test("a tool that imports zod is named", async () => {
  await put({
    "convex/notes.ts": 'import { string } from "zod";\nexport const add = () => string();',
  });
  expect(await findZod(root(), "convex")).toEqual([`convex/notes.ts → ${ZOD}`]);
});

test("so is one that takes from a door what needs zod, with all that lies between", async () => {
  await put({
    "convex/texts.ts":
      'import { keep } from "toolgate/functions";\nexport const text = () => keep();',
    "convex/notes.ts": 'import { text } from "./texts";\nexport const add = () => text();',
  });
  const rest = `src/entry/functions.ts → src/keep.ts → ${ZOD}`;
  expect(await findZod(root(), "convex")).toEqual([
    `convex/notes.ts → convex/texts.ts → ${rest}`,
    `convex/texts.ts → ${rest}`,
  ]);
});

test("a type of zod weighs nothing, and a catalog may hold all of it", async () => {
  await put({
    "convex/toolgate/catalog.ts":
      'import { string } from "zod";\nexport const list = () => string();',
    "convex/notes.ts":
      'import type { string } from "zod";\nexport const add = (): typeof string => null!;',
  });
  expect(await findZod(root(), "convex")).toEqual([]);
});
