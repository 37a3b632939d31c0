/**
 * `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. What each section said last is kept in bench/results/,
 * so that the page can be written anew when some sections are measured again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { build } from "esbuild";
import { goalsText, machine, pageOf, sectionText, type Done } from "./lib/page";
import type { Report } from "./lib/report";

/** In the order of the page. */
const names = ["path", "costs", "conflicts", "race", "boot", "recorded"];

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

/** The peers are many and heavy, so they are installed only when somebody asks for the benchmarks. */
const install = (): void => {
  if (existsSync("bench/node_modules")) return;
  console.log("Installing what the benchmarks compare with …");
  // Some packages ask for a newer Node than they need; none has to build anything.
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  execFileSync("npm", ["ci", ...flags], { stdio: "inherit", cwd: "bench" });
};

/**
 * Builds all sections, as Convex's bundler does code: run through a loader that keeps function names, our code would pay for every
 * closure what the packages of the peers, which are plain JavaScript, do not pay.
 */
const buildSections = (outdir: string) =>
  build({
    ...{ entryPoints: ["bench/sections/*.ts"], outdir, outExtension: { ".js": ".mjs" } },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
    ...{ packages: "external", logLevel: "warning" },
    // A folder of its package, which Node does not find.
    alias: { "web-streams-polyfill/ponyfill": "./node_modules/web-streams-polyfill/ponyfill" },
  });

/** In a process of its own: convex-test replaces globals, and nobody else shall pay for that. @throws Error with its complaints. */
const runSection = async (folder: string, name: string): Promise<Done> => {
  const result = `${folder}/${name}.json`;
  const args = ["--expose-gc", "--no-warnings", `${folder}/${name}.mjs`, result];
  const { status, stderr } = spawnSync(process.execPath, quick ? [...args, "--quick"] : args, {
    ...{ stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" },
  });
  if (status !== 0)
    throw new Error(`${name} ended with ${String(status)}:\n${stderr.slice(-4000)}`);
  const report = JSON.parse(await readFile(result, "utf8")) as Report;
  return { ...report, measured: machine() };
};

const resultOf = (name: string): string => `bench/results/${name}.json`;
const keptOf = async (name: string): Promise<Done> =>
  JSON.parse(await readFile(resultOf(name), "utf8")) as Done;

install();
// Inside node_modules, so that Node finds the packages that the sections import.
const cache = "bench/node_modules/.cache";
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(`${cache}/sections-`);
try {
  await buildSections(folder);
  const measured: Done[] = [];
  for (const name of names.filter((one) => wanted.includes(one))) {
    const done = await runSection(folder, name);
    console.log(`${sectionText(done)}\n`);
    measured.push(done);
    if (!quick) await writeFile(resultOf(name), `${JSON.stringify(done, null, 2)}\n`);
  }
  if (!quick) await writeFile("docs/benchmarks.md", pageOf(await Promise.all(names.map(keptOf))));
  else if (measured.length === names.length) console.log(goalsText(measured));
} finally {
  await rm(folder, { recursive: true });
}
