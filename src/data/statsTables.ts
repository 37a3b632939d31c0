/** The tables of what was counted in the audit log. No call writes them: they are folded from its rows later. Times are in ms since 1970. */
import { defineTable } from "convex/server";
import { v, type Infer } from "convex/values";

/** How often a time fell into each of the classes of `operate/stats/latency.ts`; empty if there was none. */
const timesValidator = () => v.array(v.number());

/** The validator of what is counted of a minute or an hour. */
export const countsValidator = () =>
  v.object({
    /** Outcome → how many requests and jobs ended so. */
    outcomes: v.record(v.string(), v.number()),
    /** How long requests waited before they were admitted or denied. */
    waits: timesValidator(),
    /** How long jobs lasted. */
    jobs: timesValidator(),
    /** At most 64, and one that stands for the rest. */
    tools: v.array(
      v.object({
        tool: v.string(),
        calls: v.number(),
        failed: v.number(),
        denied: v.number(),
        /** The own time of a mutation, or the length of a job. */
        times: timesValidator(),
        lastAt: v.number(),
      }),
    ),
  });

export type Counts = Infer<ReturnType<typeof countsValidator>>;

/** The validator of the spans that are counted apart. */
export const grainValidator = () => v.union(v.literal("minute"), v.literal("hour"));

export type Grain = Infer<ReturnType<typeof grainValidator>>;

/** Table name → definition. */
export const statsTables = {
  /** One row for each minute of the last hours in which something was called, and for each hour of the last days. */
  toolgateStats: defineTable({
    grain: grainValidator(),
    /** Its begin. */
    at: v.number(),
    ...countsValidator().fields,
  }).index("by_grain_at", ["grain", "at"]),

  /** One row: how far the audit log is counted. */
  toolgateStatsMark: defineTable({
    /** The creation time up to which all rows are counted. */
    foldedTo: v.number(),
    /** When a run was told to follow at once, since there was more than one counts. */
    goesOnAt: v.optional(v.number()),
  }),
};
