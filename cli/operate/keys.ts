/** `toolgate keys`: operates API keys. */
import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import type { KeyInfo } from "../../src/operate/keyInfo";
import type { Verification } from "../../src/operate/verifyKey";
import { create, rotate } from "./issue";
import { keyDetails, keyTable, verdict } from "./keyText";
import { count, DEFAULT_LIMIT, given, readAll, withKeyFields } from "./options";
import { tellIdle } from "./idleApproval";
import { note, show } from "./print";
import { revoke } from "./revoke";
import { Failure } from "./run";
import { targetOf, withTarget, type TargetOptions } from "./target";

type Options = TargetOptions & Readonly<Record<string, unknown>>;

const ofKey = ({ keyId, approval }: KeyInfo) => ({ of: `key ${keyId}`, approval });

const listKeys = new Command("list")
  .description("Keys, newest first, without their secrets.")
  .option("--tenant <slug>")
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(async (options: Options & { limit: number }) => {
    const run = await targetOf(options);
    const call = {
      name: "admin:listKeys",
      rows: "keys",
      args: given({ tenant: options.tenant }),
    } as const;
    const page = await readAll<KeyInfo, "keys">(run, call, options.limit);
    show(page, options.json, ({ keys }) => keyTable(keys));
    if (page.nextCursor !== null) note("There are more: raise --limit.");
    await tellIdle(run, page.keys.filter(({ status }) => status === "active").map(ofKey));
  });

const showKey = async (name: string, args: object, options: Options): Promise<void> => {
  const run = await targetOf(options);
  const key = await run<KeyInfo>(name, args);
  show(key, options.json, keyDetails);
  await tellIdle(run, [ofKey(key)]);
};

const get = new Command("get")
  .description("One key, without its secret.")
  .argument("<keyId>")
  .action((keyId: string, options: Options) => showKey("admin:getKey", { keyId }, options));

const update = withKeyFields(new Command("update"))
  .description(
    "Change a key. Tools, constraints and fixed arguments replace those it had. It holds from the next call on.",
  )
  .argument("<keyId>")
  .option("--name <text>")
  .option("--role <name>")
  .addOption(new Option("--attended", "the user is asked again").conflicts("unattended"))
  .addOption(new Option("--read-write", "all that the role allows again").conflicts("readOnly"))
  .addOption(new Option("--all-tools", "all tools of the role again").conflicts("tools"))
  .addOption(new Option("--no-constraints", "lift all constraints").conflicts("constraint"))
  .addOption(
    new Option("--no-approval", "take it from all keys of the subject; what the role states stays"),
  )
  .addOption(new Option("--no-fixed", "the client sends every argument again").conflicts("set"))
  .action((keyId: string, options: Options) => {
    const { name, role, tools, constraint, expiresDays, allTools, constraints } = options;
    const { attended, unattended, readOnly, readWrite, set, fixed, approval } = options;
    const args = given({
      ...{ keyId, name, role, expiresInDays: expiresDays },
      tools: allTools ? null : tools,
      constraints: constraints === false ? null : constraint,
      fixed: fixed === false ? null : set,
      unattended: attended ? false : unattended,
      readOnly: readWrite ? false : readOnly,
      approval: approval === false ? null : approval,
    });
    return showKey("admin:updateKey", args, options);
  });

const readKey = async (): Promise<string> => {
  if (process.stdin.isTTY) note("Paste the key, then Enter and Ctrl-D:");
  return (await text(process.stdin)).trim();
};

const verify = new Command("verify")
  .description("Say what a key can do, without using it. The exit code is 1 if it is not valid.")
  .argument("[key]", "better given on standard input, which no shell history keeps")
  .action(async (key: string | undefined, options: Options) => {
    const run = await targetOf(options);
    const verification = await run<Verification>("admin:verifyKey", {
      key: key ?? (await readKey()),
    });
    show(verification, options.json, verdict);
    if (!verification.valid) throw new Failure("The key is not valid.");
  });

const EXAMPLES = `
Examples:
  npx toolgate keys create --tenant acme --role sales --name "Claude" --tools orders_get,orders_confirm \\
    --constraint 'orders_confirm.expectedTotalMinor<=100000'
  npx toolgate keys create --tenant acme --role viewer --name "Report" --read-only --set 'orders_list.status=draft'
  npx toolgate keys update <keyId> --approval 'orders_*,payments_record'
  npx toolgate keys list --tenant acme --local
  npx toolgate keys update <keyId> --role viewer --no-constraints
  npx toolgate keys rotate <keyId> --grace-minutes 60
  npx toolgate keys revoke <keyId> --reason "laptop stolen" --prod
  npx toolgate keys revoke --subject ada --reason "left the company" --prod
  npx toolgate keys verify < key.txt`;

/** Adds `keys` and its verbs. */
export const addKeys = (program: Command): void => {
  const keys = program.command("keys").description("API keys").addHelpText("after", EXAMPLES);
  for (const verb of [create, listKeys, get, update, rotate, revoke, verify]) {
    keys.addCommand(withTarget(verb.copyInheritedSettings(keys)));
  }
};
