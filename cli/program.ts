/** The whole program `toolgate`. */
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { withoutKeys } from "../src/base/text";
import { addAdd } from "./add/command";
import { addCheck } from "./check/command";
import { addConsole } from "./console/command";
import { addDirectories } from "./directories/command";
import { addDoctor } from "./doctor/command";
import { addInit } from "./init/command";
import { addApprovals } from "./operate/approvals";
import { addAudit } from "./operate/audit";
import { addConnections } from "./operate/connections";
import { addJobs } from "./operate/jobs";
import { addKeys } from "./operate/keys";
import { note, printable } from "./operate/print";
import { addRoles } from "./operate/roles";
import { Failure, UsageError } from "./operate/run";
import { addPlugin } from "./publish/pluginCommand";
import { addServerJson } from "./publish/serverJsonCommand";

const REFUSED = 1;
const USAGE = 2;

/** By its name, because the built file and its source lie at different depths. */
const { version } = createRequire(import.meta.url)("toolgate/package.json") as { version: string };

const program = new Command("npx toolgate")
  .description("Exposes the functions of a Convex app as MCP tools, and operates them.")
  .version(version)
  .helpCommand(false)
  .showHelpAfterError("(--help lists all options)")
  .allowExcessArguments(false)
  // A key may stand where another word was meant.
  .configureOutput({ writeErr: (text) => process.stderr.write(withoutKeys(text)) })
  .exitOverride();

// In the order in which an app needs them, which is that of the help.
addInit(program);
addAdd(program);
addCheck(program);
addKeys(program);
addConnections(program);
addRoles(program);
addApprovals(program);
addJobs(program);
addAudit(program);
addConsole(program);
addDoctor(program);
addDirectories(program);
addServerJson(program);
addPlugin(program);

const codeOf = (error: unknown): number => {
  // commander has already printed its own errors, and the help, which ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (!(error instanceof Failure)) throw error;
  // Lines are ours; what the server quotes in them may be of others.
  if (error.message !== "") note(error.message.split("\n").map(printable).join("\n"));
  return error instanceof UsageError ? USAGE : REFUSED;
};

/**
 * Runs one command.
 *
 * @param args - such as `keys list --local`, as a list.
 * @returns the exit code: 0, 1 if the server refuses or cannot be asked, a key is not valid or a check fails, 2 for a wrong use.
 */
export const runCommand = async (args: readonly string[]): Promise<number> => {
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return codeOf(error);
  }
};
