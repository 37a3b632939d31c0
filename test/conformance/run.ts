/** `npm run conformance`: the official suite against the fixture, compared with what is known of it. */
import { Command } from "commander";
import { runAuthorization } from "./authorization";
import { startFixture } from "./fixture";
import { changes, findGaps, readGaps, writeGaps, type Gaps } from "./gaps";
import { startKeyProxy } from "./keyProxy";
import { asText, writeReport, type Result } from "./report";
import { runSuite, suiteVersion, type Scenario } from "./suite";

const REVISIONS = ["2025-11-25", "2026-07-28"];

const program = new Command("npm run conformance --")
  .description("Runs the official MCP conformance suite and writes docs/conformance.md.")
  .option("--update", "record the result in test/conformance/expected.json")
  .allowExcessArguments(false);

/** What the suite found, and what the proxy saw that must never be. */
interface Run {
  readonly found: readonly (readonly [revision: string, scenarios: readonly Scenario[]])[];
  readonly faults: readonly string[];
}

/** The scenarios with a check that does not succeed. */
const failed = (scenarios: readonly Scenario[]): string[] =>
  scenarios
    .filter(({ checks }) => checks.some(({ status }) => status !== "SUCCESS" && status !== "INFO"))
    .map(({ name }) => `${name}, in the suite's own default revision`);

const runAs = async (role: string): Promise<Run> => {
  const fixture = await startFixture(role);
  const proxy = await startKeyProxy(fixture.url, fixture.key);
  fixture.allowOrigins(`http://localhost:${String(proxy.port)}`);
  try {
    const found = [];
    for (const revision of REVISIONS) {
      const url = `http://localhost:${String(proxy.port)}/mcp`;
      const scenarios = await runSuite(url, revision);
      found.push([
        revision,
        [...scenarios, ...(await runAuthorization(fixture, revision))],
      ] as const);
    }
    const faults = [...proxy.faults, ...failed(await runAuthorization(fixture, undefined))];
    return { found, faults: faults.map((fault) => `as ${role}: ${fault}`) };
  } finally {
    await proxy.close();
    await fixture.close();
  }
};

const { update } = program.parse().opts<{ update?: true }>();
const known = await readGaps();

const tester = await runAs("tester");
const reader = await runAs("reader");

const results: Result[] = tester.found.map(([revision, scenarios]) => ({
  ...{ revision, scenarios },
  gaps: findGaps(scenarios, known[revision]),
}));
for (const result of results) console.log(asText(result));
await writeReport(await suiteVersion(), results);

const gaps: Gaps = Object.fromEntries(results.map(({ revision, gaps }) => [revision, gaps]));
if (update === true) await writeGaps(gaps);
const recorded = update === true ? gaps : known;
const problems = [
  ...results.flatMap(({ revision, gaps }) => changes(revision, gaps, recorded[revision])),
  ...tester.faults,
  ...reader.faults,
];
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "As recorded." : `${String(problems.length)} differences.`);
// Jobs that the suite left running hold timers.
process.exit(problems.length === 0 ? 0 : 1);
