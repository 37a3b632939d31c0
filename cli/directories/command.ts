/** `npx toolgate directories`: says what each directory would refuse. */
import type { Command } from "commander";
import { Verdict } from "../doctor/finding";
import { NoReply } from "../doctor/noReply";
import { targetOf } from "../doctor/options";
import { printable, show } from "../operate/print";
import { Failure, UsageError } from "../operate/run";
import { styled } from "../style";
import { judge, RULES, type Found } from "./judge";
import { look } from "./look";
import type { Seen } from "./seen";

interface Options {
  readonly key?: string;
  readonly json?: true;
}

const NOTES = `
It looks as the scans of Claude's connectors, of OpenAI's plugins, of the official MCP Registry and of server cards do. It calls no tool. The key is
read from TOOLGATE_KEY, or from --key, which the shell's history keeps. It should be one that may call every tool of the listing.
What only a person can answer, such as a privacy policy and a test account, is in docs/directories.md.

Exit code: 0 if nothing would be refused, 1 if something would, 2 for a wrong use.

Examples:
  npx toolgate directories https://happy-otter-123.convex.site/mcp
  npx toolgate directories https://mcp.example.com/mcp --json`;

/** The checks of the doctor share their words with this command: what one of them reports, the others only name. */
const whyNot = (seen: string): string => {
  const check = /\bsee (\S+)$/.exec(seen)?.[1];
  return check === undefined
    ? seen
    : `It cannot be looked at: \`npx toolgate doctor\` says why, in its line "${check}"`;
};

const seenAt = async (url: string, options: Options): Promise<Seen> => {
  const target = targetOf(url, options);
  if (target.key === undefined)
    throw new UsageError("Give a key in TOOLGATE_KEY: directories look at what is listed");
  try {
    return await look(target);
  } catch (error) {
    if (error instanceof Verdict) throw new Failure(whyNot(error.finding.seen));
    throw error instanceof NoReply ? new Failure(`${error.message}. ${error.todo}`) : error;
  }
};

const foundText = ({ directory, level, where, what, fix }: Found): string =>
  [
    `${styled(level === "refused" ? "red" : "yellow", level)} ${directory}: ${printable(where)}: ${printable(what)}`,
    `        ${fix}`,
  ].join("\n");

const reportText = (tools: number, found: readonly Found[]): string => {
  const refused = found.filter(({ level }) => level === "refused").length;
  const counted = `${tools} tools, ${RULES.length} rules: ${refused} refused, ${found.length - refused} advice`;
  return [...found.map(foundText), counted].join("\n");
};

/** Adds `directories`. */
export const addDirectories = (program: Command): void => {
  program
    .command("directories")
    .description("Say what the directories of Claude, OpenAI and MCP would refuse")
    .argument("<url>", "the endpoint, with /mcp")
    .option("--key <key>", "an API key; better given in TOOLGATE_KEY, which no shell history keeps")
    .option("--json", "print the findings as JSON, and nothing else")
    .addHelpText("after", NOTES)
    .action(async (url: string, options: Options) => {
      const seen = await seenAt(url, options);
      const found = judge(seen);
      show(found, options.json, (all) => reportText(seen.tools.length, all));
      if (found.some(({ level }) => level === "refused")) throw new Failure("");
    });
};
