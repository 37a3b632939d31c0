/** The operator's command line, whole. */
import { Command, CommanderError, Help } from "commander";
import { addAudit } from "./audit";
import { addKeys } from "./keys";
import { note } from "./print";
import { addRoles } from "./roles";
import { Failure } from "./run";

const REFUSED = 1;
const USAGE = 2;

/** npm takes what follows `--` for the command. */
const commandUsage = (command: Command): string =>
  new Help().commandUsage(command).replace(/^npm run (\w+) /, "npm run $1 -- ");

const program = new Command("npm run")
  .description("Operates Toolgate: API keys, roles and the audit log.")
  .usage("keys|roles|audit -- <verb> [options]")
  .configureHelp({ commandUsage })
  .helpCommand(false)
  .showHelpAfterError("(--help lists all options)")
  .allowExcessArguments(false)
  .exitOverride();

addKeys(program);
addRoles(program);
addAudit(program);

const codeOf = (error: unknown): number => {
  // commander has printed its own errors, and help, which ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (!(error instanceof Failure)) throw error;
  note(error.message);
  return REFUSED;
};

/**
 * Runs one command.
 *
 * @param args - such as `keys list --local`, as a list.
 * @returns what to exit with: 0, 1 if the server refused or a key is not valid, 2 for a wrong use.
 */
export const runCommand = async (args: readonly string[]): Promise<number> => {
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return codeOf(error);
  }
};
