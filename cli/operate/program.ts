/** The whole command line for operators. */
import { Command, CommanderError, Help } from "commander";
import { addAudit } from "./audit";
import { addConnections } from "./connections";
import { addKeys } from "./keys";
import { note, printable } from "./print";
import { addRoles } from "./roles";
import { Failure } from "./run";

const REFUSED = 1;
const USAGE = 2;

/** Adds the `--` to the usage line, because npm passes only the words after it to the command. */
const commandUsage = (command: Command): string =>
  new Help().commandUsage(command).replace(/^npm run (\w+) /, "npm run $1 -- ");

const program = new Command("npm run")
  .description("Operates Toolgate: API keys, connections, roles and the audit log.")
  .usage("keys|connections|roles|audit -- <verb> [options]")
  .configureHelp({ commandUsage })
  .helpCommand(false)
  .showHelpAfterError("(--help lists all options)")
  .allowExcessArguments(false)
  .exitOverride();

addKeys(program);
addConnections(program);
addRoles(program);
addAudit(program);

const codeOf = (error: unknown): number => {
  // commander has already printed its own errors, and the help, which ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (!(error instanceof Failure)) throw error;
  // Lines are ours; what the server quotes in them may be of others.
  note(error.message.split("\n").map(printable).join("\n"));
  return REFUSED;
};

/**
 * Runs one command.
 *
 * @param args - such as `keys list --local`, as a list.
 * @returns the exit code: 0, 1 if the server refuses or cannot be asked or a key is not valid, 2 for a wrong use.
 */
export const runCommand = async (args: readonly string[]): Promise<number> => {
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return codeOf(error);
  }
};
