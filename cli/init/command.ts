/** `npx toolgate init`: puts Toolgate into an app that exists. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import type { Command } from "commander";
import { readApp } from "../app/app";
import { projectIn, type Project } from "../app/project";
import { checkApp } from "../check/check";
import { reportText } from "../check/print";
import { make, patchOf } from "../edit/changes";
import { note, print, show } from "../operate/print";
import { Failure, UsageError } from "../operate/run";
import { planFiles, settingOf, type Plan } from "./plan";
import { checkPlace, checkTaken } from "./taken";

interface Options {
  readonly dir: string;
  readonly oauth?: true;
  readonly yes?: true;
  readonly json?: true;
}

const EXAMPLES = `
It writes the glue, eight small files, into convex/toolgate/, and joins it with schema.ts, http.ts and crons.ts. It shows all changes and
asks before it makes them. Files that are there stay as they are; a second run changes nothing. It refuses, with everything as it was, if
the folder, a table or the route /mcp is taken.

Exit code: 0, 1 if it refuses, 2 for a wrong use.

Examples:
  npx toolgate init
  npx toolgate init --yes
  npx toolgate init --dir agents --oauth`;

const pasteText = (root: string, { pastes }: Plan): string =>
  pastes
    .map(
      ({ file, lines, why }) =>
        `${path.relative(root, file)} ${why}\n${lines.map((line) => `  ${line}`).join("\n")}`,
    )
    .join("\n\n");

const mayWrite = async (root: string, plan: Plan, { yes, json }: Options): Promise<void> => {
  if (json && !yes) throw new UsageError("--json asks nothing: say --yes too.");
  if (!json) print(patchOf(root, plan.changes).trimEnd());
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new Failure(
      "These are the changes. Nothing was changed: say --yes, or run it in a terminal.",
    );
  const said = await confirm({ message: "Make these changes?" });
  if (isCancel(said) || !said) throw new Failure("Nothing was changed.");
};

/** A command with a fresh secret, which is written nowhere else. */
const pepperCommand = ({ runner }: Project): string =>
  `${runner} convex env set TOOLGATE_PEPPERS "p1:${randomBytes(32).toString("hex")}"`;

interface Step {
  readonly command: string;
  readonly why: string;
}

const nextSteps = (project: Project, hasTools: boolean): Step[] => [
  ...(hasTools
    ? []
    : [{ command: `${project.runner} toolgate add`, why: "choose which functions become tools" }]),
  { command: `${project.runner} convex dev`, why: "deploy; leave it running" },
  {
    command: pepperCommand(project),
    why: "once for each deployment: the secret that keys are hashed with. Another one in its place ends every key. Keep a copy outside of Convex",
  },
  {
    command: `${project.runner} toolgate keys create --role reader --name "My agent"`,
    why: "prints the key, once. The roles are in tools.ts: admin may do all, reader only read",
  },
  {
    command: `${project.runner} toolgate doctor https://<deployment>.convex.site/mcp`,
    why: "ask the endpoint from outside",
  },
];

const stepsText = (steps: readonly Step[]): string =>
  ["Next:", ...steps.map(({ command, why }) => `  ${command}\n      ${why}`)].join("\n");

const run = async (options: Options): Promise<void> => {
  const { dir, oauth = false, json } = options;
  const project = projectIn(process.cwd());
  checkPlace(project, dir);
  checkTaken(await readApp(project, ["http", "schema"]));
  const plan = await planFiles(project, settingOf(project, dir, oauth));
  if (plan.changes.length > 0) {
    await mayWrite(project.root, plan, options);
    await make(plan.changes);
  }
  const report = checkApp(await readApp(project), dir);
  const files = plan.changes.map(({ file }) => path.relative(project.root, file));
  const steps = nextSteps(project, report.tools.length > 0);
  if (json) {
    show({ written: files, pastes: plan.pastes, report, next: steps }, true, () => "");
    return;
  }
  note(plan.pastes.length > 0 ? pasteText(project.root, plan) : "");
  print(reportText(report));
  print(
    files.length > 0 ? `Wrote ${files.join(", ")}.` : "All was there already. Nothing was changed.",
  );
  print(stepsText(steps));
};

/** Adds `init`. */
export const addInit = (program: Command): void => {
  program
    .command("init")
    .description("Put Toolgate into this Convex app: glue files, tables, the route /mcp, a cron.")
    .option("--dir <folder>", "the folder of the glue, inside that of the functions", "toolgate")
    .option("--oauth", "let people connect agents by OAuth, without copying keys")
    .option("--yes", "make the changes without asking")
    .option("--json", "print what was done as JSON, and nothing else; needs --yes")
    .addHelpText("after", EXAMPLES)
    .action(run);
};
