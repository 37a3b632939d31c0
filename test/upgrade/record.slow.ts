/**
 * `npm run record`: writes the rows of this version to test/upgrade/rows/, as the last step before a release. Every later version must
 * still read them. Without RECORD it only looks whether the life leaves rows everywhere.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { toolgateTables } from "../../src/entry/tables";
import { version } from "../../package.json";
import { dump } from "../support/gate";
import { indexes, live } from "./life";

test("every table of the gate gets rows", async () => {
  const { t, held } = await live();
  const all = await dump(t);
  const names = Object.keys(toolgateTables);
  const rows = Object.fromEntries(names.map((name) => [name, all[name] ?? []]));
  expect(names.filter((name) => rows[name]?.length === 0)).toEqual([]);
  const recorded = { version, at: Date.now(), held, indexes: indexes(), rows };
  if (process.env.RECORD === undefined) return;
  const file = path.join(import.meta.dirname, "rows", `${version}.json`);
  await writeFile(file, `${JSON.stringify(recorded, null, 2)}\n`);
});
