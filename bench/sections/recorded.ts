/** What other commands find and write down: `npm run conformance` the scenarios, `toolgate init` the glue of an app. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { report, type Figure } from "../lib/report";
import { root } from "../lib/root";

const app = path.join(root, "examples/smallest/convex");
const linesOf = async (file: string) => (await readFile(path.join(app, file), "utf8")).split("\n");

const isBlank = (line: string) => line.trim() === "";
/** Lines for the functions that `add` has bound are no glue. */
const isTool = (line: string) => /: \(\) => tool\./.test(line);

const glue = (await readdir(path.join(app, "toolgate"))).map((file) => `toolgate/${file}`);
const files: [string, number][] = [];
for (const file of [...glue, "http.ts", "crons.ts"]) {
  const lines = await linesOf(file);
  files.push([file, lines.filter((line) => !isBlank(line) && !isTool(line)).length]);
}
const ofSchema = (await linesOf("schema.ts")).filter((line) => line.includes("oolgate"));
files.push(["schema.ts, lines that are added", ofSchema.length]);
const lines = files.reduce((sum, [, count]) => sum + count, 0);

const page = await readFile(path.join(root, "docs", "conformance.md"), "utf8");
const REVISION =
  /^## MCP (\S+)\n\nscored: (\d+) of (\d+) scenarios.*?not scored: (\d+) of (\d+) scenarios/gm;

const revisions = [...page.matchAll(REVISION)].map(([, revision = "", ...counts]) => {
  const [scored = NaN, ofScored = NaN, other = NaN, ofOther = NaN] = counts.map(Number);
  return { revision, scored, ofScored, other, ofOther };
});
if (revisions.length !== 2) throw new Error("docs/conformance.md tells of other revisions");

const conformance: Figure = {
  shown: revisions
    .map(
      ({ revision, scored, ofScored, other, ofOther }) =>
        `${revision}: ${String(scored)} of ${String(ofScored)} scored, ${String(other)} of ${String(ofOther)} unscored`,
    )
    .join("; "),
  met: revisions.every((one) => one.scored === one.ofScored && one.other === one.ofOther),
};

report({
  method: [
    "The official suite against a small app behind the same gate, its `authorization` scenarios among those that are not scored: `npm run conformance` runs it and writes [conformance.md](conformance.md), where these numbers are from.",
    "The glue is counted in `examples/smallest`, an app without HTTP routes and crons of its own; lines that are blank or bind a tool are not counted. `npm run adoption` proves the same on five foreign apps, with their types, and `npm run package` under convex 1.31 and the newest.",
  ],
  tables: [
    {
      title: "Scenarios passed",
      head: ["revision", "scored", "of", "not scored", "of"],
      rows: revisions.map((one) => Object.values(one)),
    },
    { title: "Glue", head: ["file", "lines"], rows: files },
  ],
  figures: {
    conformance,
    glue: {
      shown: `${String(glue.length)} generated files, ${String(lines)} lines in all`,
      met: glue.length <= 8 && lines <= 60,
    },
  },
});
