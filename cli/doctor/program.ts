/** The whole program `npm run doctor`. */
import { Command, CommanderError } from "commander";
import { withoutKeys } from "../../src/base/text";
import { note } from "../operate/print";
import { examine } from "./examine";
import { targetOf, UsageError, type Options } from "./options";
import { printFinding, printJson, printSummary } from "./report";
import { LIMITS, type Target } from "./target";

const FAILED = 1;
const USAGE = 2;

const NOTES = `
The key is read from TOOLGATE_KEY, or from --key, which npm shows as it starts. Without one, only what strangers see is examined.
It takes six requests from the key's rate limit, and leaves them in the audit log, with one of a key that was never issued.

Exit code: 0 without a fail, 1 with one, 2 for a wrong use.

Examples:
  npm run doctor -- https://happy-otter-123.convex.site/mcp
  npm run doctor -- http://127.0.0.1:3211/mcp --tool products_search --arguments '{"text":"bolt"}'
  npm run doctor -- https://happy-otter-123.convex.site/mcp --stream-tool periods_close --stream-arguments '{"period":"2026-10"}'`;

const command = (): Command =>
  new Command("npm run doctor --")
    .description("Examines a deployment from outside, as its clients see it.")
    .argument("<url>", "the endpoint, with /mcp")
    .option("--key <key>", "an API key; better given in TOOLGATE_KEY, since npm shows it")
    .option("--tool <name>", "the tool to call, instead of a read-only one")
    .option("--arguments <json>", "its arguments")
    .option("--stream-tool <name>", "a long tool to call and listen to for 20 s; it may write")
    .option("--stream-arguments <json>", "its arguments")
    .option("--origin <origin>", "the origin of a web page that should be allowed")
    .option("--json", "print one JSON document, and nothing else")
    .addHelpText("after", NOTES)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: (text) => process.stderr.write(withoutKeys(text)) })
    .exitOverride();

const examineAndTell = async (target: Target, isJson: boolean): Promise<number> => {
  const all = await examine(target, LIMITS, isJson ? undefined : printFinding);
  if (isJson) printJson(target.url, all);
  else printSummary(all);
  return all.some(({ status }) => status === "fail") ? FAILED : 0;
};

/**
 * Examines a deployment and prints the findings.
 *
 * @param args - the URL and options, as a list.
 * @returns the exit code: 0 if no check fails, 1 if one does, 2 for a wrong use.
 */
export const runDoctor = async (args: readonly string[]): Promise<number> => {
  try {
    const program = command().parse(args, { from: "user" });
    const [url = ""] = program.args;
    const options = program.opts<Options>();
    return await examineAndTell(targetOf(url, options), options.json === true);
  } catch (error) {
    // commander has already printed its own errors, and the help, which ends with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (!(error instanceof UsageError)) throw error;
    note(error.message);
    return USAGE;
  }
};
