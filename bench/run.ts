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

/** Section → its title, in the order of the page. */
const titles = {
  path: "The path: what a request evaluates",
  costs: "What a request costs",
  growth: "How cost grows",
  conflicts: "Write conflicts",
  race: "In one process, without a database",
  boot: "The local server",
  recorded: "Conformance and adoption",
};
const names = Object.keys(titles);

const sectionsIn = (text: string): string[] => {
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted;
  throw new InvalidArgumentError(`There is no section ${JSON.stringify(unknown)}.`);
};

const { only: wanted = names, quick = false } = new Command("npm run bench --")
  .allowExcessArguments(false)
  .option(
    "--only <sections>",
    `measure these alone, and keep what the page says of the others: ${names.join(", ")}`,
    sectionsIn,
  )
  .option("--quick", "measure briefly, to see that all runs, and write no page")
  .parse()
  .opts<{ only?: string[]; quick?: true }>();

install();
// Only now: they need what has just been installed.
const { buildSections, runSection } = await import("./lib/sections");
const { sectionText } = await import("./lib/markdown");
const { machine } = await import("./lib/machine");
const { goalsText, pageOf } = await import("./lib/page");

// Inside node_modules, so that Node finds the packages that the sections import.
const cache = path.join(root, "bench", "node_modules", ".cache");
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(path.join(cache, "sections-"));
const resultOf = (name: string): string => path.join(root, "bench", "results", `${name}.json`);
const keptOf = async (name: string): Promise<Done> =>
  JSON.parse(await readFile(resultOf(name), "utf8")) as Done;

try {
  await buildSections(folder);
  const done: Done[] = [];
  for (const [name, title] of Object.entries(titles)) {
    if (!wanted.includes(name)) continue;
    const report = await runSection(folder, name, quick);
    console.log(`${sectionText(title, report)}\n`);
    const result: Done = { title, report, measured: machine() };
    done.push(result);
    if (!quick) await writeFile(resultOf(name), `${JSON.stringify(result, null, 2)}\n`);
  }
  if (!quick) {
    const page = pageOf(await Promise.all(names.map(keptOf)));
    await writeFile(path.join(root, "docs", "benchmarks.md"), page);
  } else if (done.length === names.length) console.log(goalsText(done));
} finally {
  await rm(folder, { recursive: true });
}
