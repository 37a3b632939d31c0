/** `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { install } from "./lib/install";
import { root } from "./lib/root";
import { sections } from "./sections";

const names = sections.map(({ option }) => option).join(", ");

const usage = `npm run bench -- [--only <section>[,<section>…]] [--quick]

  --only   measure these sections alone and write no page: ${names}
  --quick  measure briefly, to see that all runs, and write no page`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}
const wanted = values.only?.split(",");
const unknown = wanted?.find((name) => !sections.some(({ option }) => option === name));
if (unknown !== undefined) {
  console.error(`There is no section ${JSON.stringify(unknown)}.\n\n${usage}`);
  process.exit(2);
}

install();
// Only now: they need what has just been installed.
const { buildSections } = await import("./lib/build");
const { runSection } = await import("./lib/runSection");
const { sectionText } = await import("./lib/markdown");
const { pageOf } = await import("./lib/page");

// Inside node_modules, so that Node finds the packages that the sections import.
const cache = path.join(root, "bench", "node_modules", ".cache");
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(path.join(cache, "sections-"));
const started = Date.now();
try {
  await buildSections(folder);
  const done = [];
  for (const section of sections) {
    if (wanted?.includes(section.option) === false) continue;
    const report = await runSection(folder, section.name, values.quick);
    console.log(`${sectionText(section.title, report)}\n`);
    done.push({ ...section, report });
  }
  if (wanted === undefined) {
    const page = pageOf(done, (Date.now() - started) / 1000);
    if (values.quick) console.log(page.goals);
    else await writeFile(path.join(root, "docs", "benchmarks.md"), page.text);
  }
} finally {
  await rm(folder, { recursive: true });
}
