/** `toolgate doctor`: examines a deployment from outside. */
import { Command } from "commander";
import { convexVersionIn, lacking } from "../app/convexVersion";
import { note } from "../operate/print";
import { Failure } from "../operate/run";
import { examine } from "./examine";
import { targetOf, type Options } from "./options";
import { printFinding, printJson, printSummary } from "./report";
import { LIMITS, type Target } from "./target";

const NOTES = `
The key is read from TOOLGATE_KEY, or from --key, which the shell's history keeps. Without one, only what strangers see is examined.
It takes 16 requests from the key's rate limit, and leaves them in the audit log, with one of a key that was never issued. Ten of
them only take the time. A write to be timed is made five times, and each counts as four requests.

Exit code: 0 without a fail, 1 with one, 2 for a wrong use.

Examples:
  npx toolgate doctor https://happy-otter-123.convex.site/mcp
  npx toolgate doctor http://127.0.0.1:3211/mcp --tool products_search --arguments '{"text":"bolt"}'
  npx toolgate doctor https://happy-otter-123.convex.site/mcp --stream-tool periods_close --stream-arguments '{"period":"2026-10"}'`;

const examineAndTell = async (target: Target, isJson: boolean): Promise<void> => {
  const all = await examine(target, LIMITS, isJson ? undefined : printFinding);
  if (isJson) printJson(target.url, all);
  else printSummary(all);
  // From outside nobody sees it. But the doctor is mostly called in the app's own folder.
  const version = convexVersionIn(process.cwd());
  if (version !== undefined) lacking(version).forEach(note);
  if (all.some(({ status }) => status === "fail")) throw new Failure("");
};

/** Adds `doctor`. It ends with 0 if no check fails, with 1 if one does, with 2 for a wrong use. */
export const addDoctor = (program: Command): void => {
  program
    .command("doctor")
    .description("Examine a deployment from outside, as its clients see it")
    .argument("<url>", "the endpoint, with /mcp")
    .option("--key <key>", "an API key; better given in TOOLGATE_KEY, which no shell history keeps")
    .option("--tool <name>", "the tool to call, instead of a read-only one")
    .option("--arguments <json>", "its arguments")
    .option("--stream-tool <name>", "a long tool to call and listen to for 20 s; it may write")
    .option("--stream-arguments <json>", "its arguments")
    .option("--write-tool <name>", "a tool that writes, to be called five times and timed")
    .option("--write-arguments <json>", "its arguments")
    .option("--origin <origin>", "the origin of a web page that should be allowed")
    .option("--json", "print one JSON document, and nothing else")
    .addHelpText("after", NOTES)
    .action((url: string, options: Options) =>
      examineAndTell(targetOf(url, options), options.json === true),
    );
};
