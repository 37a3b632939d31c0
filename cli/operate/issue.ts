/** The verbs of `toolgate keys` that print a new key: `create` and `rotate`. */
import { Command } from "commander";
import type { IssuedKey } from "../../src/operate/mintKey";
import { keyDetails } from "./keyText";
import { given, integer, withKeyFields } from "./options";
import { note, print, show } from "./print";
import { targetOf, type TargetOptions } from "./target";

type Options = TargetOptions & Readonly<Record<string, unknown>>;

/** Only the key goes to standard output, so that it can be piped to a file or a secret store. */
const showIssued = ({ key, ...info }: IssuedKey, { json }: Options): void => {
  note("Keep this key now: it cannot be shown again.");
  if (json) {
    show({ key, ...info }, json, String);
    return;
  }
  note(keyDetails(info));
  print(key);
};

/** The verb `keys create`. */
export const create = withKeyFields(new Command("create"))
  .description("Issue a key. It is printed once and never stored.")
  .option("--tenant <slug>", "left out in an app with one tenant")
  .requiredOption("--role <name>")
  .requiredOption("--name <text>", "what people call it")
  .option("--subject <text>", "the agent or service; the key's id unless stated")
  .option("--test", "mark it as a test key: cvxmcp_test_…")
  .action(async (options: Options) => {
    const run = await targetOf(options);
    const { tenant, role, name, subject, test, tools, constraint, expiresDays } = options;
    const { unattended, readOnly, approval, set: fixed } = options;
    const args = given({
      ...{ tenant, role, name, subject, tools, fixed, unattended, readOnly, approval },
      ...{ constraints: constraint, expiresInDays: expiresDays, env: test && "test" },
    });
    showIssued(await run("admin:createKey", args), options);
  });

/** The verb `keys rotate`. */
export const rotate = new Command("rotate")
  .description("Issue a key in place of another, with the same rights and the same end.")
  .argument("<keyId>")
  .option(
    "--grace-minutes <minutes>",
    "how long the old one still works: 0 to 10080, default 0",
    integer,
  )
  .option("--expires-days <days>", "1 to 365 from now; default: when the old one would", integer)
  .action(async (keyId: string, options: Options) => {
    const run = await targetOf(options);
    const { graceMinutes, expiresDays } = options;
    const args = given({ keyId, graceMinutes, expiresInDays: expiresDays });
    const issued = await run<IssuedKey>("admin:rotateKey", args);
    if (expiresDays === undefined) note(`It expires ${issued.expiresAt}, when the old key would.`);
    showIssued(issued, options);
  });
