/** Test files share the product's modules in a worker. One that replaces a module does so for all of them, and so has to run by itself. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { alone } from "./support/alone";

const root = path.resolve(import.meta.dirname, "..");

/** Files that vitest runs anew each, by a project or a configuration of their own. */
const OWN = /\.(process|slow|browser)\.ts$/;

const sources = ["test", "src", "examples"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file).split(path.sep).join("/"))
    .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(node_modules|apps)\//.test(file)),
);

/** Whether a text replaces a module: a line of code, not a comment. */
const replaces = (text: string): boolean => /^[^*/\n]*\bvi\s*\.(mock|doMock)\(/m.test(text);

test("each test file that replaces a module runs alone, and no other does", () => {
  const found = sources.filter(
    (file) => !OWN.test(file) && replaces(readFileSync(path.join(root, file), "utf8")),
  );
  // What the setup replaces is the same for all.
  expect(found.toSorted()).toEqual([...alone, "test/support/observer/setup.ts"].toSorted());
});

// Put together, so that this file is not found itself.
const mock = "vi.mock";
const doMock = "vi.doMock";

test.each([
  [`${mock}("../src/a");`, true],
  [`const a = 1;\n  await ${doMock}(import("../src/a"));`, true],
  [`/**\n * \`${mock}("../src/a")\`\n */`, false],
  [`// ${mock}("../src/a")`, false],
  ['vi.spyOn(console, "warn");', false],
])("%j: %s", (text, is) => {
  expect(replaces(text)).toBe(is);
});
