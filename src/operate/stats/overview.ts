/** What has happened in the last hour, day or week, and what is going on now, for a page that shows both. */
import { v, type Infer } from "convex/values";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../../data/database";
import type { Counts, Grain } from "../../data/statsTables";
import { bothCounts, NOTHING } from "./counts";
import { percentiles } from "./latency";
import { nowValidator, readNow } from "./now";
import { beginOf, LENGTH } from "./spans";

const spanValidator = v.union(v.literal("hour"), v.literal("day"), v.literal("week"));

type SpanName = Infer<typeof spanValidator>;

/** The rows that each is made of: how many, and of what. */
const PARTS: Readonly<Record<SpanName, readonly [count: number, grain: Grain]>> = {
  hour: [60, "minute"],
  day: [24, "hour"],
  week: [168, "hour"],
};

const percentileFields = { p50: v.optional(v.number()), p95: v.optional(v.number()) };

const overviewValidator = v.object({
  /** All times are ISO 8601, UTC. The last minute or hour is not over. */
  from: v.string(),
  to: v.string(),
  /** How long each point stands for, in ms. */
  stepMs: v.number(),
  /** How far the log is counted. What came later is missing: call `foldStats` first. */
  foldedTo: v.string(),
  /** For each minute or hour, oldest first: outcome → how many requests and jobs ended so. Outcomes that none had are left out. */
  points: v.array(v.object({ at: v.string(), calls: v.record(v.string(), v.number()) })),
  /** Those that were called, the one that fails most often first. Times are in ms: of a mutation its own, of an action the job's length. */
  tools: v.array(
    v.object({
      tool: v.string(),
      calls: v.number(),
      failed: v.number(),
      denied: v.number(),
      ...percentileFields,
      lastAt: v.optional(v.string()),
    }),
  ),
  /** How long requests waited before they were admitted or denied, in ms. */
  waits: v.object(percentileFields),
  ...nowValidator.fields,
  /** How many run, and how long those lasted that have ended, in ms. */
  jobs: v.object({ running: v.number(), ...percentileFields }),
});

/** What has happened, and what is going on. */
export type Overview = Infer<typeof overviewValidator>;

const iso = (ms: number): string => new Date(ms).toISOString();

const failureRate = ({ calls, failed }: Counts["tools"][number]): number =>
  failed / Math.max(1, calls);

const toolsOf = ({ tools }: Counts): Overview["tools"] =>
  tools
    .toSorted((a, b) => failureRate(b) - failureRate(a) || b.calls - a.calls)
    .map(({ times, lastAt, ...counts }) => ({
      ...counts,
      ...percentiles(times),
      lastAt: iso(lastAt),
    }));

/** There is one row of each time. */
const readCounts = async (db: GateReader, grain: Grain, from: number, count: number) => {
  const rows = await db
    .query("toolgateStats")
    .withIndex("by_grain_at", (q) => q.eq("grain", grain).gte("at", from))
    .take(count);
  return new Map(rows.map((row) => [row.at, row]));
};

/** The definition of `overview`. What is going on now is counted up to 100. */
export const overview = {
  args: { span: spanValidator },
  returns: overviewValidator,
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { span }: { span: SpanName },
  ): Promise<Overview> => {
    const db = gateReader(ctx);
    const now = Date.now();
    const [count, grain] = PARTS[span];
    const stepMs = LENGTH[grain];
    const from = beginOf(grain, now) - (count - 1) * stepMs;
    const counted = await readCounts(db, grain, from, count);
    const mark = await db.query("toolgateStatsMark").first();
    const whole = [...counted.values()].reduce(bothCounts, NOTHING);
    const times = Array.from({ length: count }, (_, at) => from + at * stepMs);
    const { jobs, ...rest } = await readNow(db, now);
    return {
      ...{ from: iso(from), to: iso(now), stepMs, foldedTo: iso(mark?.foldedTo ?? from) },
      points: times.map((at) => ({ at: iso(at), calls: counted.get(at)?.outcomes ?? {} })),
      ...{ tools: toolsOf(whole), waits: percentiles(whole.waits), ...rest },
      jobs: { ...jobs, ...percentiles(whole.jobs) },
    };
  },
};
