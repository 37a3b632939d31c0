/** `npx toolgate add`: binds functions of the app as tools. */
import path from "node:path";
import type { Command } from "commander";
import { readApp, type App } from "../app/app";
import { projectIn } from "../app/project";
import { notesText } from "../check/print";
import { make, patchOf } from "../edit/changes";
import { note, print, show } from "../operate/print";
import { Failure, UsageError } from "../operate/run";
import { wrappersFor } from "./asCaller";
import { planBinding, type Plan } from "./bind";
import { choose } from "./choose";
import { matching } from "./matching";
import { identityLines, nextLines, proposalTable, unfitLines } from "./print";
import { proposeAll, type Proposal, type Proposals } from "./propose";
import type { Binding } from "./write";

interface Options {
  readonly dir: string;
  readonly yes?: true;
  readonly asIs?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLES = `
It proposes a tool for each function of the app that is none yet: name, permission, hints and description. It binds what you choose, and
nothing else: lines in tools.ts and catalog.ts, which are yours to change. A pattern fits the function (contacts.search or contacts:search), its module
(contacts) or the name of the tool (contacts_search); * stands for any text.

With --yes it binds all that fits the patterns, and asks nothing. A function that reads the signed-in user is not bound as it is, unless you
say --as-is: it would find nobody. It is told how to wrap it instead. docs/add.md says how names and hints are guessed.

Exit code: 0, 1 if it refuses, 2 for a wrong use.

Examples:
  npx toolgate add
  npx toolgate add contacts.search contacts.create --yes
  npx toolgate add 'orders.*' --dry-run
  npx toolgate add --json`;

const writeJson = (app: App, { unfit }: Proposals, shown: readonly Proposal[]): void => {
  show({ proposals: shown, unfit, unread: app.unread }, true, () => "");
};

const propose = (app: App, { unfit }: Proposals, shown: readonly Proposal[]): void => {
  print(proposalTable(shown));
  const readers = shown.filter(({ readsIdentity }) => readsIdentity);
  const more = [...unfitLines(unfit), ...identityLines(app.project, readers)];
  if (more.length > 0) print(`\n${more.join("\n")}`);
  const notes = notesText({ notes: [], unread: app.unread });
  if (notes !== "") note(notes);
};

const chosenFrom = async (
  proposals: readonly Proposal[],
  patterns: readonly string[],
  { yes, json }: Options,
): Promise<readonly Proposal[] | undefined> => {
  if (yes) {
    if (patterns.length === 0) throw new UsageError("--yes binds what a pattern fits: name one.");
    return proposals;
  }
  if (json || !process.stdin.isTTY || !process.stdout.isTTY || proposals.length === 0)
    return undefined;
  return await choose(proposals, patterns.length > 0);
};

const showPastes = (root: string, { pastes }: Plan): void => {
  for (const { file, lines } of pastes) {
    note(`${path.relative(root, file)} has a form of its own. Add these lines to it:`);
    print(lines.join("\n"));
  }
};

/** What was chosen, and what of it is not bound because it would find no user. */
interface Chosen {
  readonly bound: readonly Proposal[];
  readonly readers: readonly Proposal[];
}

const split = (chosen: readonly Proposal[], asIs: boolean): Chosen => ({
  bound: chosen.filter(({ readsIdentity }) => asIs || !readsIdentity),
  readers: chosen.filter(({ readsIdentity }) => !asIs && readsIdentity),
});

const done = (app: App, binding: Binding, readers: readonly Proposal[], plan: Plan): void => {
  const { project } = app;
  const { chosen: bound } = binding;
  if (bound.length > 0) {
    print(patchOf(project.root, plan.changes).trimEnd());
    showPastes(project.root, plan);
    const next = nextLines(project, binding);
    print([`Bound ${bound.map(({ name }) => name).join(", ")}.`, ...next].join("\n"));
  }
  if (readers.length > 0) print(identityLines(project, readers).join("\n"));
};

/** Without knowing which tools there are, a second line could be written for one. */
const mustBeKnown = (app: App, module: string): void => {
  const unread = app.unread.find((one) => one.module === module);
  if (unread !== undefined)
    throw new Failure(`${module} cannot be evaluated, so nothing is bound: ${unread.why}`);
};

const run = async (patterns: readonly string[], options: Options): Promise<void> => {
  const { dir, json, dryRun } = options;
  const app = await readApp(projectIn(process.cwd()));
  mustBeKnown(app, `${dir}/tools`);
  const { definition } = app.modules.get(`${dir}/tools`) ?? {};
  const all = proposeAll(app, dir, definition);
  const shown = matching(all, patterns, app.unread, definition?.tools ?? []);
  const chosen = dryRun ? undefined : await chosenFrom(shown, patterns, options);
  if (chosen === undefined) {
    if (json) writeJson(app, all, shown);
    else propose(app, all, shown);
    return;
  }
  if (chosen.length === 0) throw new Failure("Nothing was chosen, and nothing was changed.");
  const { bound, readers } = split(chosen, options.asIs === true);
  const binding = { chosen: bound, dir, definition };
  const plan = await planBinding(app, binding);
  await make(plan.changes);
  const wrappers = wrappersFor(app.project, readers);
  if (json) show({ bound, pastes: plan.pastes, wrappers }, true, () => "");
  else done(app, binding, readers, plan);
  if (bound.length === 0) throw new Failure("Nothing was bound.");
};

/** Adds `add`. */
export const addAdd = (program: Command): void => {
  program
    .command("add")
    .description("Propose tools from the app's own functions, and bind those that you choose.")
    .argument("[pattern...]", "functions to propose, such as contacts.search or contacts")
    .option("--dir <folder>", "the folder of the glue, inside that of the functions", "toolgate")
    .option("--yes", "bind what the patterns fit, without asking")
    .option("--as-is", "bind also functions that read the signed-in user, without one")
    .option("--dry-run", "print the proposals only")
    .option("--json", "print JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(run);
};
