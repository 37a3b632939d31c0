/** The official suite, as `npm run conformance` runs it, which also writes docs/conformance.md. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { report, type Figure } from "../lib/report";
import { root } from "../lib/root";

// Fails if the result is another than the one recorded in the repository.
execFileSync("npm", ["run", "conformance", "--silent"], { stdio: "ignore", cwd: root });
const page = await readFile(path.join(root, "docs", "conformance.md"), "utf8");

const line =
  /^## MCP (\S+)\n\nscored: (\d+) of (\d+) scenarios.*?not scored: (\d+) of (\d+) scenarios/gm;

const results = [...page.matchAll(line)].map(([, revision = "", ...counts]) => {
  const [scored = NaN, ofScored = NaN, other = NaN, ofOther = NaN] = counts.map(Number);
  return { revision, scored, ofScored, other, ofOther };
});
if (results.length !== 2) throw new Error("docs/conformance.md tells of other revisions");

const figure: Figure = {
  shown: results
    .map(
      ({ revision, scored, ofScored, other, ofOther }) =>
        `${revision}: ${String(scored)} of ${String(ofScored)} scored, ${String(other)} of ${String(ofOther)} unscored`,
    )
    .join("; "),
  met: results.every((one) => one.scored === one.ofScored && one.other === one.ofOther),
};

report({
  method: [
    "The official suite against a small app behind the same gate, its `authorization` scenarios among those that are not scored; all of it is in [conformance.md](conformance.md).",
  ],
  tables: [
    {
      title: "Scenarios passed",
      head: ["revision", "scored", "of", "not scored", "of"],
      rows: results.map((one) => [one.revision, one.scored, one.ofScored, one.other, one.ofOther]),
    },
  ],
  figures: { conformance: figure },
});
