/** The package has the declarations to which a door leads, and no others. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeUnreached } from "../.ci/declared";

let dist: string;
beforeEach(async () => {
  dist = await mkdtemp(path.join(tmpdir(), "toolgate-declared-"));
});
afterEach(() => rm(dist, { recursive: true }));

const left = async (): Promise<string[]> =>
  (await readdir(dist, { recursive: true })).filter((file) => file.includes(".")).sort();

test("what a door imports stays, over files in between, inside of a type and in a circle", async () => {
  const declared = {
    "src/entry/http": 'export { a } from "../mcp/a";',
    "src/entry/jobs": 'export declare const job: import("../jobs/j").Job;',
    "src/mcp/a": 'import type { B } from "../base/b";\nexport declare const a: B;',
    "src/base/b": 'import type { a } from "../mcp/a";\nexport type B = typeof a;',
    "src/jobs/j": "export type Job = string;",
    "src/mcp/alone": 'import type { B } from "../base/b";\nexport type C = B;',
    "cli/main": 'import "../src/entry/http";',
  };
  for (const [file, text] of Object.entries(declared)) {
    await mkdir(path.join(dist, path.dirname(file)), { recursive: true });
    await writeFile(path.join(dist, `${file}.d.ts`), text);
    await writeFile(path.join(dist, `${file}.d.ts.map`), "{}");
    await writeFile(path.join(dist, `${file}.js`), "");
  }
  await removeUnreached(dist);
  const unreached = ["src/mcp/alone", "cli/main"];
  const expected = Object.keys(declared).flatMap((file) =>
    (unreached.includes(file) ? ["js"] : ["js", "d.ts", "d.ts.map"]).map((end) => `${file}.${end}`),
  );
  expect(await left()).toEqual(expected.sort());
});
