/** `npx toolgate check`: says what `tools/list` will say, and what is wrong. */
import type { Command } from "commander";
import { readApp } from "../app/app";
import { projectIn } from "../app/project";
import { show } from "../operate/print";
import { Failure } from "../operate/run";
import { checkApp } from "./check";
import { reportText } from "./print";

interface Options {
  readonly dir: string;
  readonly json?: true;
}

const EXAMPLES = `
It needs no deployment and changes nothing. It bundles the app as Convex does, evaluates its modules in a process of their own, with the
variables of .env.local, and asks the catalog. Modules that cannot be evaluated so are named.

Exit code: 0 without a fault, 1 with one, 2 for a wrong use.

Examples:
  npx toolgate check
  npx toolgate check --dir agents
  npx toolgate check --json`;

/** Adds `check`. */
export const addCheck = (program: Command): void => {
  program
    .command("check")
    .description("Say what tools/list will say, with every fault of every tool.")
    .option("--dir <folder>", "the folder of the glue, inside that of the functions", "toolgate")
    .option("--json", "print the report as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ dir, json }: Options) => {
      const report = checkApp(await readApp(projectIn(process.cwd())), dir);
      show(report, json, reportText);
      if (report.faults.length > 0) throw new Failure("");
    });
};
