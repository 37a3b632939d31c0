/** The glue of the ERP is as small as an adopter's would be, and its heart is composed by hand. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";

const convex = path.resolve(import.meta.dirname, "../../convex");
const OWN = ["tools.ts", "chain.ts", "catalog.ts"];

const read = (file: string) => readFile(path.join(convex, file), "utf8");

test("http.ts composes the chain around the endpoint, in so many words", async () => {
  expect(await read("http.ts")).toContain("httpAction(compose(oauth.front, ...chain)(mcp(app)))");
});

test("beside what is the app's own there are at most 8 files, of at most 6 lines", async () => {
  const files = (await readdir(path.join(convex, "toolgate"))).sort();
  expect(files).toEqual(expect.arrayContaining(OWN));
  const generated = files.filter((file) => !OWN.includes(file));
  expect(generated.length).toBeLessThanOrEqual(8);
  for (const file of generated) {
    const lines = (await read(`toolgate/${file}`)).trimEnd().split("\n");
    expect([file, lines.length <= 6]).toEqual([file, true]);
  }
});

test("no module of the app reaches past the doors", async () => {
  for (const file of await readdir(convex, { recursive: true })) {
    if (!file.endsWith(".ts") || file.includes("_generated")) continue;
    const reached = [...(await read(file)).matchAll(/"(?:\.\.\/)+src\/([^"]*)"/g)].map(
      ([, place = ""]) => place,
    );
    expect([file, reached.filter((place) => !place.startsWith("entry/"))]).toEqual([file, []]);
  }
});
