/** `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { install } from "./lib/install";
import { root } from "./lib/root";
import { sections } from "./sections";

const names = sections.map(({ option }) => option).join(", ");

const sectionsIn = (text: string): string[] => {
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !sections.some(({ option }) => option === name));
  if (unknown === undefined) return wanted;
  throw new InvalidArgumentError(`There is no section ${JSON.stringify(unknown)}.`);
};

const { only: wanted, quick = false } = new Command("npm run bench --")
  .allowExcessArguments(false)
  .option("--only <sections>", `measure these alone and write no page: ${names}`, sectionsIn)
  .option("--quick", "measure briefly, to see that all runs, and write no page")
  .parse()
  .opts<{ only?: string[]; quick?: true }>();

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
    const report = await runSection(folder, section.name, quick);
    console.log(`${sectionText(section.title, report)}\n`);
    done.push({ ...section, report });
  }
  if (wanted === undefined) {
    const page = pageOf(done, (Date.now() - started) / 1000);
    if (quick) console.log(page.goals);
    else await writeFile(path.join(root, "docs", "benchmarks.md"), page.text);
  }
} finally {
  await rm(folder, { recursive: true });
}
