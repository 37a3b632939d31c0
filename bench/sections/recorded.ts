/** What other commands find and write down: `npm run conformance` the scenarios, `toolgate init` the glue of an app. */
import { readdir, readFile } from "node:fs/promises";
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
const lines = files.reduce((sum, [, one]) => sum + one, 0);

const REVISION =
  /^## MCP (\S+)\n\nscored: (\d+) of (\d+) scenarios.*?not scored: (\d+) of (\d+) scenarios/gm;

const page = await readFile("docs/conformance.md", "utf8");
const revisions = [...page.matchAll(REVISION)].map(([, ...found]) => found);
if (revisions.length !== 2) throw new Error("docs/conformance.md tells of other revisions");

report({
  title: "Conformance and adoption",
  method: [
    "The official suite against a small app behind the same gate, its `authorization` scenarios among those that are not scored: `npm run conformance` runs it and writes [conformance.md](conformance.md), where these numbers are from.",
    "The glue is counted in `examples/smallest`, an app without HTTP routes and crons of its own; lines that are blank or bind a tool are not counted. `npm run adoption` proves the same on five foreign apps, with their types, and `npm run package` under convex 1.31 and the newest.",
  ],
  tables: [
    {
      title: "Scenarios passed",
      head: ["revision", "scored", "of", "not scored", "of"],
      rows: revisions,
    },
    { title: "Glue", head: ["file", "lines"], rows: files },
  ],
  figures: {
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
  },
});
