/** What an app has more once `toolgate init` has run, and how much of it somebody must read. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { report } from "../lib/report";
import { root } from "../lib/root";

const app = path.join(root, "examples/smallest/convex");
const read = async (file: string) => (await readFile(path.join(app, file), "utf8")).split("\n");

const isBlank = (line: string) => line.trim() === "";
/** Lines for the functions that `add` has bound are no glue. */
const isTool = (line: string) => /: \(\) => tool\./.test(line);

const glue = (await readdir(path.join(app, "toolgate"))).map((file) => `toolgate/${file}`);
const others = ["http.ts", "crons.ts"];
const ofSchema = (await read("schema.ts")).filter((line) => line.includes("oolgate"));

const rows = [];
for (const file of [...glue, ...others])
  rows.push([file, (await read(file)).filter((line) => !isBlank(line) && !isTool(line)).length]);
rows.push(["schema.ts, lines that are added", ofSchema.length]);
const lines = rows.reduce((sum, [, count]) => sum + Number(count), 0);

report({
  method: [
    "Counted in `examples/smallest`, an app without HTTP routes and crons of its own; lines that are blank or bind a tool are not counted. `npm run adoption` proves the same on five foreign apps, with their types, and `npm run package` under convex 1.31 and the newest.",
  ],
  tables: [{ title: "Glue", head: ["file", "lines"], rows }],
  figures: {
    glue: {
      shown: `${String(glue.length)} generated files, ${String(lines)} lines in all`,
      met: glue.length <= 8 && lines <= 60,
    },
  },
});
