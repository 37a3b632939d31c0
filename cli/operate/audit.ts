/** `toolgate audit`: shows which caller called which tool, and how the call ended. */
import { Command, Option } from "commander";
import { auditOutcomeValidator } from "../../src/data/values";
import type { AuditEntry } from "../../src/operate/auditLog";
import { count, DEFAULT_LIMIT, given, readAll } from "./options";
import { note, show, tenantTable } from "./print";
import { targetOf, withTarget, type TargetOptions } from "./target";

const outcomes = auditOutcomeValidator().members.map(({ value }) => value);

/** The tool, or the method with the resource or prompt that it names. The end of a job has a row of its own. */
const callOf = ({ tool, method, target, protocol }: AuditEntry): string => {
  if (tool !== undefined) return protocol === "job" ? `${tool} (${method})` : tool;
  return target === undefined ? method : `${method} ${target}`;
};

/** The id of the client's trace, which its own tools show. */
const traceOf = ({ traceparent = "" }: AuditEntry): string => traceparent.split("-")[1] ?? "";

/** The column of traces is there if some call has one. */
const auditTable = (entries: readonly AuditEntry[]): string => {
  const isTraced = entries.some((entry) => traceOf(entry) !== "");
  return tenantTable(
    [
      "at",
      "outcome",
      "reason",
      "tenant",
      "role",
      "key",
      "connection",
      "ip",
      "call",
      "operation",
      ...(isTraced ? ["trace"] : []),
      "arguments",
    ],
    entries.map((entry) => [
      ...[entry.at, entry.outcome, entry.reason ?? "", entry.tenant ?? "", entry.role ?? ""],
      ...[entry.keyId ?? "", entry.grantId ?? "", entry.ip ?? "", callOf(entry)],
      ...[entry.operation ?? "", ...(isTraced ? [traceOf(entry)] : []), entry.arguments ?? ""],
    ]),
  );
};

interface Filter {
  readonly tenant?: string;
  readonly key?: string;
  readonly outcome?: string;
  readonly operation?: string;
  readonly limit: number;
}

const listAudit = new Command("list")
  .description("Calls and operators' changes, newest first. Give at most one filter.")
  .option("--tenant <slug>")
  .option("--key <keyId>")
  .addOption(new Option("--outcome <outcome>").choices(outcomes))
  .option("--operation <id>", "the rows of one call: its own, and that of its job's end")
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(
    async ({ tenant, key, outcome, operation, limit, ...options }: Filter & TargetOptions) => {
      const run = await targetOf(options);
      const args = given({ tenant, keyId: key, outcome, operation });
      const call = { name: "admin:listAudit", rows: "entries", args } as const;
      const page = await readAll<AuditEntry, "entries">(run, call, limit);
      show(page, options.json, ({ entries }) => auditTable(entries));
      if (page.nextCursor !== null) note("There are more: raise --limit.");
    },
  );

const EXAMPLES = `
Examples:
  npx toolgate audit list --local
  npx toolgate audit list --key <keyId> --limit 20 --prod
  npx toolgate audit list --outcome denied --json
  npx toolgate audit list --operation <id>`;

/** Adds `audit` and its verbs. */
export const addAudit = (program: Command): void => {
  const audit = program
    .command("audit")
    .description("The audit log")
    .addHelpText("after", EXAMPLES);
  audit.addCommand(withTarget(listAudit.copyInheritedSettings(audit)));
};
