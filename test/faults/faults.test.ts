/** The planted faults fit the source as it is. Whether their tests turn red takes minutes: `npm run faults`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { faults } from "./faults";

test("the text that a fault takes the place of stands in its file once, and its test exists", async () => {
  const misfits: string[] = [];
  for (const { what, file, from, test: proof } of faults) {
    const text = existsSync(file) ? await readFile(file, "utf8") : "";
    if (text.split(from).length !== 2 || !existsSync(proof)) misfits.push(what);
  }
  expect(misfits).toEqual([]);
});
