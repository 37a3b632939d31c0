/** Counts rows of the audit log. */
import type { Doc } from "../../data/database";
import type { Counts } from "../../data/statsTables";
import { bothTimes, withTime } from "./latency";

/** A row of the audit log, as far as it is counted. */
export type Counted = Pick<
  Doc<"toolgateAudit">,
  "at" | "protocol" | "outcome" | "tool" | "ms" | "waitedMs"
>;

/** Stands for tools that the app does not have, and for those for which a row has no room. No tool can have this name. */
export const OTHER = "(other)";

/** The most tools that are counted apart. */
const MAX_TOOLS = 64;

export const NOTHING: Counts = { outcomes: {}, waits: [], jobs: [], tools: [] };

type OfTool = Counts["tools"][number];

const bothTools = (a: OfTool, b: OfTool): OfTool => ({
  tool: a.tool,
  calls: a.calls + b.calls,
  failed: a.failed + b.failed,
  denied: a.denied + b.denied,
  times: bothTimes(a.times, b.times),
  lastAt: Math.max(a.lastAt, b.lastAt),
});

const withTool = (tools: readonly OfTool[], one: OfTool): OfTool[] => {
  if (tools.some(({ tool }) => tool === one.tool))
    return tools.map((own) => (own.tool === one.tool ? bothTools(own, one) : own));
  const isRest = one.tool === OTHER;
  const own = tools.filter(({ tool }) => tool !== OTHER).length;
  return isRest || own < MAX_TOOLS ? [...tools, one] : withTool(tools, { ...one, tool: OTHER });
};

const sum = (a: Counts["outcomes"], b: Counts["outcomes"]): Counts["outcomes"] => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([name, count]) => [name, (a[name] ?? 0) + count])),
});

/** Adds what was counted in two places. */
export const bothCounts = (a: Counts, b: Counts): Counts => ({
  outcomes: sum(a.outcomes, b.outcomes),
  waits: bothTimes(a.waits, b.waits),
  jobs: bothTimes(a.jobs, b.jobs),
  tools: b.tools.reduce<OfTool[]>(withTool, [...a.tools]),
});

/** A call whose job goes on, or that somebody must approve, is counted where that ends: its end has a row of its own. */
const isEnd = ({ outcome }: Counted): boolean => outcome !== "started" && outcome !== "held";

/** What an operator did is no call. */
const isCall = ({ protocol }: Counted): boolean => protocol !== "operator";

const times = (ms: number | undefined): number[] => (ms === undefined ? [] : withTime([], ms));

const toolOf = (row: Counted, isTool: (name: string) => boolean): OfTool[] => {
  const { tool, outcome, at, ms } = row;
  if (tool === undefined) return [];
  const isFailure = outcome === "failed" || outcome === "unknown";
  return [
    {
      tool: isTool(tool) ? tool : OTHER,
      calls: isEnd(row) ? 1 : 0,
      failed: isFailure ? 1 : 0,
      denied: outcome === "denied" ? 1 : 0,
      times: times(ms),
      lastAt: at,
    },
  ];
};

/**
 * Counts one row more.
 *
 * @param isTool - whether the app has a tool of this name. The log has what clients asked for.
 */
export const withRow = (
  counts: Counts,
  row: Counted,
  isTool: (name: string) => boolean,
): Counts => {
  if (!isCall(row)) return counts;
  const { outcome, protocol, ms, waitedMs } = row;
  return bothCounts(counts, {
    outcomes: isEnd(row) ? { [outcome]: 1 } : {},
    waits: times(waitedMs),
    jobs: protocol === "job" ? times(ms) : [],
    tools: toolOf(row, isTool),
  });
};
