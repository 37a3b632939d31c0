/**
 * `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. What each section said last is kept in bench/results/,
 * so that the page can be written anew when some sections are measured again.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { buildSync } from "esbuild";
import { fill, type Results } from "./lib/page";

/** In the order of the page. */
const names = ["path", "costs", "conflicts", "race", "boot", "recorded"];

const { only = names, quick = false } = new Command("npm run bench --")
  .allowExcessArguments(false)
  .addOption(
    new Option(
      "--only <sections...>",
      "measure these, and keep what is said of the others",
    ).choices(names),
  )
  .option("--quick", "measure briefly, to see that all runs, and write no page")
  .parse()
  .opts<{ only?: string[]; quick?: true }>();

/** The peers are many and heavy, so they are installed only when somebody asks for the benchmarks. */
const install = (): void => {
  if (existsSync("bench/node_modules")) return;
  console.log("Installing what the benchmarks compare with …");
  execFileSync("npm", ["ci"], { stdio: "inherit", cwd: "bench" });
};

/**
 * Builds all sections, as Convex's bundler does code: run through a loader that keeps function names, our code would pay for every
 * closure what the packages of the peers, which are plain JavaScript, do not pay.
 */
const buildSections = (outdir: string) =>
  buildSync({
    ...{ entryPoints: ["bench/sections/*.ts"], outdir, outExtension: { ".js": ".mjs" } },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
    ...{ packages: "external", logLevel: "warning" },
    // A folder of its package, which Node does not find.
    alias: { "web-streams-polyfill/ponyfill": "./node_modules/web-streams-polyfill/ponyfill" },
  });

const resultsIn = (folder: string, of: readonly string[]) => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
  return Object.fromEntries(of.map((name) => [name, read(name)])) as Results;
};

install();
const page = readFileSync("bench/page.md", "utf8");
const [goals = "", ...parts] = page.split(/^(?=## )/m);
// Inside node_modules, so that Node finds the packages that the sections import.
const cache = "bench/node_modules/.cache";
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(`${cache}/sections-`);
const kept = quick ? folder : "bench/results";
try {
  buildSections(folder);
  for (const name of names.filter((one) => only.includes(one))) {
    const section = [
      `${folder}/${name}.mjs`,
      `${kept}/${name}.json`,
      ...(quick ? ["--quick"] : []),
    ];
    // In a process of its own: convex-test replaces globals, and nobody else shall pay for that.
    execFileSync(process.execPath, ["--expose-gc", "--no-warnings", ...section], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const part = parts.find((text) => text.includes(`{{${name}.`)) ?? "";
    console.log(fill(part, resultsIn(kept, [name])));
  }
  if (!quick) writeFileSync("docs/benchmarks.md", fill(page, resultsIn(kept, names)));
  else if (only.length === names.length) console.log(fill(goals, resultsIn(kept, names)));
} finally {
  rmSync(folder, { recursive: true });
}
