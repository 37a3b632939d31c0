/** The result for people: a table for the terminal, and docs/conformance.md. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { clauseTable, findClauses } from "./clauses";
import type { Gap } from "./gaps";
import type { Check, Scenario } from "./suite";

export interface Result {
  readonly revision: string;
  readonly scenarios: readonly Scenario[];
  readonly gaps: Readonly<Record<string, Gap>>;
}

const count = ({ checks }: Scenario, status: Check["status"]): number =>
  checks.filter((check) => check.status === status).length;

const isFailed = (scenario: Scenario): boolean => count(scenario, "FAILURE") > 0;

const verdict = (scenario: Scenario): string => {
  if (isFailed(scenario)) return "fails";
  if (count(scenario, "SUCCESS") > 0) return "passes";
  return count(scenario, "SKIPPED") > 0 ? "skipped" : "passes";
};

const statuses = ["SUCCESS", "FAILURE", "WARNING", "SKIPPED"] as const;

const columns = ["scenario", "scored", "result", "passed", "failed", "warned", "skipped"];

const rowOf = (scenario: Scenario): string[] => [
  scenario.name,
  scenario.isScored ? "yes" : "no",
  verdict(scenario),
  ...statuses.map((status) => String(count(scenario, status))),
];

const sum = (scenarios: readonly Scenario[], status: Check["status"]): string =>
  String(scenarios.reduce((total, scenario) => total + count(scenario, status), 0));

const half = (name: string, scenarios: readonly Scenario[]): string =>
  `${name}: ${String(scenarios.filter((scenario) => !isFailed(scenario)).length)} of ${String(scenarios.length)} scenarios, ` +
  `${sum(scenarios, "SUCCESS")} checks passed, ${sum(scenarios, "FAILURE")} failed`;

/** `scored: 30 of 30 scenarios, 70 checks passed, 0 failed; not scored: …` */
const summary = ({ scenarios }: Result): string =>
  [
    half(
      "scored",
      scenarios.filter(({ isScored }) => isScored),
    ),
    half(
      "not scored",
      scenarios.filter(({ isScored }) => !isScored),
    ),
  ].join("; ");

/** For the terminal. */
export const asText = (result: Result): string => {
  const rows = [columns, ...result.scenarios.map(rowOf)];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
  return [`MCP ${result.revision}: ${summary(result)}`, "", ...lines, ""].join("\n");
};

const markdownRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const asMarkdown = (result: Result): string =>
  [
    `## MCP ${result.revision}`,
    "",
    `${summary(result)}.`,
    "",
    markdownRow(columns),
    markdownRow(columns.map(() => "-")),
    ...result.scenarios.map((scenario) => markdownRow(rowOf(scenario))),
    "",
    "What does not pass, and why:",
    "",
    ...Object.entries(result.gaps).map(
      ([name, { checks, why }]) =>
        `- **${name}**: ${why} (${checks.map((check) => `\`${check}\``).join(", ")})`,
    ),
    "",
  ].join("\n");

const intro = (version: string): string => `# Conformance

What the official suite, \`@modelcontextprotocol/conformance\` ${version}, says of this library. \`npm run conformance\` writes this
page and fails if the result is another than the one recorded in \`test/conformance/expected.json\`, for better or worse;
\`npm run conformance -- --update\` records a new one, and each gap there must say why.

It runs against the small app in \`test/conformance/app/\`, which has the tools, resources and prompts that the suite asks for,
behind the same gate as any app. The suite cannot send an API key, so a proxy adds it. Every message is checked by the suite against
the JSON schema of its revision. A second run, with a role that may do less, checks that nothing answers 5xx and that no list may be
cached for others; what it cannot do does not count.

The scenarios \`authorization-…\` are of the suite's command for authorization servers, which no requirement counts. It runs against the
OAuth of the same app, with a script in place of the person who types the key and allows, for each revision and without one.

Columns: a scenario passes if none of its checks fail. Warnings are about what the spec recommends (SHOULD). The suite itself skips
checks of what a server does not announce.
`;

const CLAUSES = `## Our own tests, clause by clause

Which test of this repository proves which clause. The rows come from the \`@spec\` lines at the head of each test file.
`;

/** Writes docs/conformance.md, formatted like everything else. */
export const writeReport = async (version: string, results: readonly Result[]): Promise<void> => {
  const file = fileURLToPath(new URL("../../docs/conformance.md", import.meta.url));
  const clauses = clauseTable(findClauses(fileURLToPath(new URL("../..", import.meta.url))));
  const text = [intro(version), ...results.map(asMarkdown), CLAUSES, clauses].join("\n");
  const options = (await resolveConfig(file)) ?? {};
  await mkdir(new URL(".", `file://${file}`), { recursive: true });
  await writeFile(file, await format(text, { ...options, filepath: file }));
};
