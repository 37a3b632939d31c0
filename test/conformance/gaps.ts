/** What is known not to pass, and what has changed since. */
import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import type { Scenario } from "./suite";

const file = new URL("expected.json", import.meta.url);

/** A scenario with a check that does not succeed. */
export interface Gap {
  /** Checks, as `FAILURE some-id`: failures, warnings, and what the suite itself skips. */
  readonly checks: readonly string[];
  /** What is missing, or why it is right as it is. */
  readonly why: string;
}

/** Revision → scenario → gap. */
export type Gaps = Readonly<Record<string, Readonly<Record<string, Gap>>>>;

export const readGaps = async (): Promise<Gaps> => JSON.parse(await readFile(file, "utf8")) as Gaps;

export const writeGaps = async (gaps: Gaps): Promise<void> =>
  writeFile(file, await format(JSON.stringify(gaps), { parser: "json", printWidth: 100 }));

const checksOf = ({ checks }: Scenario): string[] => {
  const open = checks.filter(({ status }) => status !== "SUCCESS" && status !== "INFO");
  return [...new Set(open.map(({ status, id }) => `${status} ${id}`))].sort();
};

/** The gaps of a run; the reasons are taken from those known before. */
export const findGaps = (
  scenarios: readonly Scenario[],
  known: Readonly<Record<string, Gap>> = {},
): Record<string, Gap> =>
  Object.fromEntries(
    scenarios
      .map((scenario) => [scenario.name, checksOf(scenario)] as const)
      .filter(([, checks]) => checks.length > 0)
      .map(([name, checks]) => [name, { checks, why: known[name]?.why ?? "" }]),
  );

/** A line per difference: what is new, what is gone, what has no reason. */
export const changes = (
  revision: string,
  found: Readonly<Record<string, Gap>>,
  known: Readonly<Record<string, Gap>> = {},
): string[] => {
  const names = [...new Set([...Object.keys(found), ...Object.keys(known)])];
  return names.flatMap((name) => {
    const now = found[name]?.checks ?? [];
    const before = known[name]?.checks ?? [];
    const at = `${revision} ${name}:`;
    return [
      ...now.filter((check) => !before.includes(check)).map((check) => `${at} new: ${check}`),
      ...before.filter((check) => !now.includes(check)).map((check) => `${at} gone: ${check}`),
      ...(known[name]?.why === "" ? [`${at} expected.json does not say why`] : []),
    ];
  });
};
