/**
 * Counts the audit log, a part at a time. It runs when somebody looks and now and then by itself, so that no call writes for it.
 *
 * It reads only rows that were created two minutes ago or earlier. Whoever writes a row now is so outside of what it has read, and neither has
 * to wait for the other. And a row that commits late is not missed: it has the time at which its transaction began.
 */
import { makeFunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Doc, GateTx } from "../../data/database";
import { SETTLED_MS } from "../../data/seals";
import type { Counts, Grain } from "../../data/statsTables";
import type { Toolgate } from "../../registry/toolgate";
import { bothCounts, NOTHING, withRow } from "./counts";
import { beginOf, KEPT } from "./spans";

/** The most rows of the log that one run reads. */
const MAX_ROWS = 500;

/** The most minutes and hours that one run writes. */
const MAX_SPANS = 24;

/** For how long the run that follows counts as on its way, in ms. Convex runs a scheduled mutation once, but late if it is busy. */
const FOLLOWS_MS = 60_000;

type Row = Doc<"toolgateAudit">;

interface Span {
  readonly grain: Grain;
  readonly at: number;
  readonly counts: Counts;
}

/** By grain and begin, as text. */
type Spans = Map<string, Span>;

const spansOf = ({ at }: Row, now: number): Omit<Span, "counts">[] =>
  (["minute", "hour"] as const)
    .map((grain) => ({ grain, at: beginOf(grain, at) }))
    .filter((span) => span.at > now - KEPT[span.grain]);

const count = (rows: readonly Row[], app: Pick<Toolgate, "tools">, now: number): Spans => {
  const isTool = (name: string) => Object.hasOwn(app.tools, name);
  const spans: Spans = new Map();
  for (const row of rows) {
    for (const { grain, at } of spansOf(row, now)) {
      const counts = spans.get(`${grain} ${at}`)?.counts ?? NOTHING;
      spans.set(`${grain} ${at}`, { grain, at, counts: withRow(counts, row, isTool) });
    }
  }
  return spans;
};

/** Rows up to the last that still fits. A row of the same time as the one after it waits with that: the mark is a time. */
const part = (rows: readonly Row[], now: number): readonly Row[] => {
  const names = new Set<string>();
  let end = 0;
  for (const row of rows) {
    for (const { grain, at } of spansOf(row, now)) names.add(`${grain} ${at}`);
    if (names.size > MAX_SPANS) break;
    end++;
  }
  if (end === rows.length && rows.length < MAX_ROWS) return rows;
  const next = rows[end] ?? rows.at(-1);
  const whole = rows.slice(0, end).filter((row) => row._creationTime < (next?._creationTime ?? 0));
  return whole.length > 0 ? whole : rows.slice(0, Math.max(1, end));
};

const write = async (tx: GateTx, { grain, at, counts }: Span): Promise<void> => {
  const found = await tx.db
    .query("toolgateStats")
    .withIndex("by_grain_at", (q) => q.eq("grain", grain).eq("at", at))
    .unique();
  if (found === null) await tx.db.insert("toolgateStats", { grain, at, ...counts });
  else await tx.db.patch("toolgateStats", found._id, bothCounts(found, counts));
};

const forget = async (tx: GateTx, grain: Grain, now: number): Promise<void> => {
  const old = await tx.db
    .query("toolgateStats")
    .withIndex("by_grain_at", (q) => q.eq("grain", grain).lt("at", now - KEPT[grain]))
    .take(MAX_SPANS);
  for (const { _id } of old) await tx.db.delete("toolgateStats", _id);
};

const mark = async (
  tx: GateTx,
  before: Doc<"toolgateStatsMark"> | null,
  foldedTo: number,
  goesOnAt: number | undefined,
): Promise<void> => {
  const row = { foldedTo, ...(goesOnAt !== undefined && { goesOnAt }) };
  if (before === null) await tx.db.insert("toolgateStatsMark", row);
  else await tx.db.replace("toolgateStatsMark", before._id, row);
};

const foldedValidator = v.object({
  /** How many rows of the log were counted. */
  rows: v.number(),
  /** ISO 8601, UTC. */
  foldedTo: v.string(),
  /** Whether another run follows at once. */
  hasMore: v.boolean(),
});

/** What one run has done. */
export type Folded = Infer<typeof foldedValidator>;

/**
 * The definition of `foldStats`, which counts the next rows of the audit log. If there are more than one run counts, it runs itself again;
 * a call that comes meanwhile does nothing.
 */
export const foldStats = (app: Pick<Toolgate, "dir" | "tools">) => ({
  args: {
    /** Set by a run for the one that follows it. */
    follows: v.optional(v.boolean()),
  },
  returns: foldedValidator,
  handler: async (tx: GateTx, { follows = false }: { follows?: boolean }): Promise<Folded> => {
    const now = Date.now();
    const before = await tx.db.query("toolgateStatsMark").first();
    const from = Math.max(before?.foldedTo ?? 0, now - KEPT.hour);
    const foldedTo = new Date(from).toISOString();
    // A clock that was set back must not stop it for long.
    if (!follows && Math.abs(now - (before?.goesOnAt ?? 0)) < FOLLOWS_MS)
      return { rows: 0, foldedTo, hasMore: true };
    const until = now - SETTLED_MS;
    if (until <= from) return { rows: 0, foldedTo, hasMore: false };
    const found = await tx.db
      .query("toolgateAudit")
      .withIndex("by_creation_time", (q) => q.gt("_creationTime", from).lte("_creationTime", until))
      .take(MAX_ROWS);
    const rows = part(found, now);
    for (const span of count(rows, app, now).values()) await write(tx, span);
    for (const grain of ["minute", "hour"] as const) await forget(tx, grain, now);
    const hasMore = found.length === MAX_ROWS || rows.length < found.length;
    const to = hasMore ? (rows.at(-1)?._creationTime ?? until) : until;
    await mark(tx, before, to, hasMore ? now : undefined);
    if (hasMore) {
      const next = makeFunctionReference<"mutation">(`${app.dir}/admin:foldStats`);
      await tx.scheduler.runAfter(0, next, { follows: true });
    }
    return { rows: rows.length, foldedTo: new Date(to).toISOString(), hasMore };
  },
});
