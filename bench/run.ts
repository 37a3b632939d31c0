/**
 * `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. What each section said last is kept in bench/results/,
 * so that the page can be written anew when some sections are measured again.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { install } from "./lib/install";
import { root } from "./lib/root";
import type { Done } from "./lib/page";
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
  .option(
    "--only <sections>",
    `measure these alone, and keep what the page says of the others: ${names}`,
    sectionsIn,
  )
  .option("--quick", "measure briefly, to see that all runs, and write no page")
  .parse()
  .opts<{ only?: string[]; quick?: true }>();

install();
// Only now: they need what has just been installed.
const { buildSections } = await import("./lib/build");
const { runSection } = await import("./lib/runSection");
const { sectionText } = await import("./lib/markdown");
const { machine } = await import("./lib/machine");
const { pageOf } = await import("./lib/page");

// Inside node_modules, so that Node finds the packages that the sections import.
const cache = path.join(root, "bench", "node_modules", ".cache");
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(path.join(cache, "sections-"));
const resultOf = (option: string): string => path.join(root, "bench", "results", `${option}.json`);
const keptOf = async ({ option }: { option: string }): Promise<Done> =>
  JSON.parse(await readFile(resultOf(option), "utf8")) as Done;

try {
  await buildSections(folder);
  const done: Done[] = [];
  for (const { option, name, title } of sections) {
    if (wanted?.includes(option) === false) continue;
    const report = await runSection(folder, name, quick);
    console.log(`${sectionText(title, report)}\n`);
    const result: Done = { title, report, measured: machine() };
    done.push(result);
    if (!quick) await writeFile(resultOf(option), `${JSON.stringify(result, null, 2)}\n`);
  }
  if (!quick) {
    const { text } = pageOf(await Promise.all(sections.map(keptOf)));
    await writeFile(path.join(root, "docs", "benchmarks.md"), text);
  } else if (wanted === undefined) console.log(pageOf(done).goals);
} finally {
  await rm(folder, { recursive: true });
}
