/** `toolgate audit`: shows which caller called which tool, and how the call ended; checks the log and exports it. */
import { Command } from "commander";
import type { AuditEntry } from "../../src/operate/auditLog";
import { count, DEFAULT_LIMIT, readAll } from "./options";
import { headOfAudit, verifyAudit } from "./auditCheck";
import { exportAudit } from "./auditExport";
import { filterArgs, withFilter, type Filter } from "./auditFilter";
import { fields, note, show, tenantTable } from "./print";
import { Failure } from "./run";
import { targetOf, withTarget, type TargetOptions } from "./target";

/** Rows about a call that are none: the end of its job, and what an operator decided or did about it. */
const ABOUT = ["job", "operator"];

/** The tool, or the method with the resource or prompt that it names. */
const callOf = ({ tool, method, target, protocol }: AuditEntry): string => {
  if (tool !== undefined) return ABOUT.includes(protocol) ? `${tool} (${method})` : tool;
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

const listAudit = withFilter(
  new Command("list").description("Calls and operators' changes, newest first."),
)
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(async ({ limit, ...filter }: Filter & { limit: number }) => {
    const run = await targetOf(filter);
    const call = { name: "admin:listAudit", rows: "entries", args: filterArgs(filter) } as const;
    const page = await readAll<AuditEntry, "entries">(run, call, limit);
    show(page, filter.json, ({ entries }) => auditTable(entries));
    if (page.nextCursor !== null) note("There are more: raise --limit.");
  });

/** All that is known of one row. */
const entryText = (entry: AuditEntry): string =>
  fields(Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, String(value)])));

const showAudit = new Command("show")
  .description("All that is known of one call: its row, and that of its job's end.")
  .argument("<operation>")
  .action(async (operation: string, options: TargetOptions) => {
    const run = await targetOf(options);
    const args = { operation, oldestFirst: true };
    const call = { name: "admin:listAudit", rows: "entries", args } as const;
    const { entries } = await readAll<AuditEntry, "entries">(run, call, DEFAULT_LIMIT);
    if (entries.length === 0) throw new Failure(`There is no row of the operation ${operation}.`);
    show(entries, options.json, (rows) => rows.map(entryText).join("\n\n"));
  });

const EXAMPLES = `
Examples:
  npx toolgate audit list --local
  npx toolgate audit list --key <keyId> --tool orders_confirm --since 2026-11-01 --prod
  npx toolgate audit list --outcome denied --json
  npx toolgate audit show <operation>
  npx toolgate audit verify --head <head> --prod
  npx toolgate audit export --prod > audit.jsonl`;

/** Adds `audit` and its verbs. */
export const addAudit = (program: Command): void => {
  const audit = program
    .command("audit")
    .description("The audit log")
    .addHelpText("after", EXAMPLES);
  for (const verb of [listAudit, showAudit, verifyAudit, headOfAudit, exportAudit])
    audit.addCommand(withTarget(verb.copyInheritedSettings(audit)));
};
