/** `toolgate approvals`: shows the calls that wait for a person, and decides on them. */
import { confirm, isCancel } from "@clack/prompts";
import { Command, Option } from "commander";
import type { Decided, Deciding } from "../../src/approvals/decide";
import type { ApprovalDetail } from "../../src/approvals/get";
import type { ApprovalInfo } from "../../src/approvals/info";
import { approvalCard, approvalTable } from "./approvalText";
import { count, DEFAULT_LIMIT, given, readAll } from "./options";
import { note, printable, show } from "./print";
import { Failure, UsageError, type Run } from "./run";
import { targetOf, withTarget, type TargetOptions } from "./target";

interface Listing {
  readonly decided?: true;
  readonly tenant?: string;
  readonly limit: number;
}

const listApprovals = new Command("list")
  .description("Calls that wait, the oldest first.")
  .option("--decided", "those that were decided, expired or withdrawn, the newest first")
  .option("--tenant <slug>")
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(async ({ decided, tenant, limit, ...options }: Listing & TargetOptions) => {
    const run = await targetOf(options);
    const args = given({ state: decided ? "decided" : "waiting", tenant });
    const call = { name: "admin:listApprovals", rows: "approvals", args } as const;
    const page = await readAll<ApprovalInfo, "approvals">(run, call, limit);
    show(page, options.json, ({ approvals }) =>
      approvals.length === 0 ? "Nothing." : approvalTable(approvals),
    );
    if (page.nextCursor !== null) note("There are more: raise --limit.");
  });

const read = (run: Run, jobId: string): Promise<ApprovalDetail> =>
  run<ApprovalDetail>("admin:getApproval", { jobId });

const showApproval = new Command("show")
  .description("One call, with all that a person needs to decide.")
  .argument("<jobId>")
  .action(async (jobId: string, options: TargetOptions) => {
    const run = await targetOf(options);
    show(await read(run, jobId), options.json, approvalCard);
  });

interface Choice {
  readonly by: string;
  readonly note?: string;
  readonly seen?: string;
  readonly yes?: true;
}

const UNSURE =
  "Approving runs the call. Look at it (`approvals show`), and give --seen with what it says, or --yes.";

/** Shows the call and lets the person say yes. @throws Failure if they do not, UsageError if nobody can be asked */
const askPerson = async (call: ApprovalDetail): Promise<void> => {
  note(approvalCard(call));
  if (!process.stdin.isTTY) throw new UsageError(UNSURE);
  const answer = await confirm({ message: "Run this call now?", initialValue: false });
  if (isCancel(answer) || !answer) throw new Failure("Not decided. The call still waits.");
};

/** What the person has seen: what they say, or the call as it is now. */
const seenBy = async (run: Run, jobId: string, { seen, yes }: Choice): Promise<string> => {
  if (seen !== undefined) return seen;
  const call = await read(run, jobId);
  if (!yes) await askPerson(call);
  return call.seen;
};

const decide = async (
  run: Run,
  deciding: Omit<Deciding, "seen" | "note"> & { readonly seen?: string; readonly note?: string },
  { json }: TargetOptions,
): Promise<void> => {
  const decided = await run<Decided>("admin:decideApproval", given({ ...deciding }));
  show(decided, json, ({ message }) => printable(message));
};

const BY = ["--by <name>", "who decides: kept as it is given, not proven"] as const;

const approve = new Command("approve")
  .description("Let a call run, as it was shown. It asks first.")
  .argument("<jobId>")
  .requiredOption(...BY)
  .option("--note <text>", "kept with the decision")
  .addOption(new Option("--seen <text>", "run it only if it is still as `show` told"))
  .addOption(new Option("--yes", "run it as it is now, without asking").conflicts("seen"))
  .action(async (jobId: string, { by, note: why, ...options }: Choice & TargetOptions) => {
    const run = await targetOf(options);
    const seen = await seenBy(run, jobId, { by, ...options });
    await decide(run, { jobId, verdict: "approve", by, seen, ...given({ note: why }) }, options);
  });

const deny = new Command("deny")
  .description("Refuse a call for good.")
  .argument("<jobId>")
  .requiredOption(...BY)
  .option("--note <text>", "why: the agent reads it")
  .action(async (jobId: string, { by, note: why, ...options }: Choice & TargetOptions) => {
    const run = await targetOf(options);
    await decide(run, { jobId, verdict: "deny", by, ...given({ note: why }) }, options);
  });

const EXAMPLES = `
Examples:
  npx toolgate approvals list --local
  npx toolgate approvals show <jobId>
  npx toolgate approvals approve <jobId> --by ada --note "as agreed by phone"
  npx toolgate approvals deny <jobId> --by ada --note "wrong customer" --prod`;

/** Adds `approvals` and its verbs. */
export const addApprovals = (program: Command): void => {
  const approvals = program
    .command("approvals")
    .description("Calls that wait for a person")
    .addHelpText("after", EXAMPLES);
  for (const verb of [listApprovals, showApproval, approve, deny]) {
    approvals.addCommand(withTarget(verb.copyInheritedSettings(approvals)));
  }
};
