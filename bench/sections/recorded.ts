/** What other commands find and write down: `npm run conformance` the scenarios, `toolgate init` the glue of an app. */
import { readdir, readFile } from "node:fs/promises";
import { sum } from "../lib/numbers";
import { report } from "../lib/report";

const app = "examples/smallest/convex";

/** Lines for the functions that `add` has bound are no glue. */
const isGlue = (line: string) => line.trim() !== "" && !/: \(\) => tool\./.test(line);

const count = async (file: string, counts: (line: string) => boolean): Promise<number> =>
  (await readFile(`${app}/${file}`, "utf8")).split("\n").filter(counts).length;

const generated = (await readdir(`${app}/toolgate`)).map((file) => `toolgate/${file}`);
const files: [string, number][] = [];
for (const file of [...generated, "http.ts", "crons.ts"])
  files.push([file, await count(file, isGlue)]);
const added = await count("schema.ts", (line) => line.includes("oolgate"));
files.push(["schema.ts, lines that are added", added]);
const lines = sum(files.map(([, one]) => one));

const REVISION =
  /^## MCP (\S+)\n\nscored: (\d+) of (\d+) scenarios.*?not scored: (\d+) of (\d+) scenarios/gm;

const page = await readFile("docs/conformance.md", "utf8");
const revisions = [...page.matchAll(REVISION)].map(([, ...found]) => found);
if (revisions.length !== 2) throw new Error("docs/conformance.md tells of other revisions");

report({
  ...{ scenarios: revisions, files },
  conformance: {
    shown: revisions
      .map(([name, a, b, c, d]) => `${name}: ${a} of ${b} scored, ${c} of ${d} unscored`)
      .join("; "),
    met: revisions.every(([, a, b, c, d]) => a === b && c === d),
  },
  glue: {
    shown: `${String(generated.length)} generated files, ${String(lines)} lines in all`,
    met: generated.length <= 8 && lines <= 60,
  },
});
