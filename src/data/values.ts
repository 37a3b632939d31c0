/** The values that are both kept in rows and passed between functions. Apart from tables.ts, which is for the schema alone. */
import { v, type Infer } from "convex/values";

/** What a key allows for one argument of one tool. The argument must then be present. */
export const constraintValidator = () =>
  v.object({
    min: v.optional(v.number()),
    max: v.optional(v.number()),
    oneOf: v.optional(v.array(v.union(v.string(), v.number(), v.boolean()))),
  });

/** Tool name → argument path (`total`, `lines.*.quantity`) → what is allowed there. */
export const constraintsValidator = () =>
  v.record(v.string(), v.record(v.string(), constraintValidator()));

/** Whether a key is meant for real data. A mark for people and secret scanners: both are treated alike. */
export const keyEnvValidator = () => v.union(v.literal("live"), v.literal("test"));

/** How a call ended. `started` is the only one that changes, once, and only for tools that are actions. */
export const auditOutcomeValidator = () =>
  v.union(
    v.literal("denied"),
    v.literal("answered"),
    v.literal("asked"),
    v.literal("started"),
    v.literal("succeeded"),
    v.literal("replayed"),
    v.literal("failed"),
    v.literal("cancelled"),
    v.literal("unknown"),
  );

/** `queued`, `working` and `input_required` change; the others are final. */
export const jobStateValidator = () =>
  v.union(
    v.literal("queued"),
    v.literal("working"),
    v.literal("input_required"),
    v.literal("succeeded"),
    v.literal("failed"),
    v.literal("cancelled"),
    v.literal("unknown"),
  );

/** What a job says of itself while it runs. */
export const logValidator = () =>
  v.object({
    /** RFC 5424, see logLevel.ts. */
    level: v.string(),
    data: v.string(),
  });

/** How far a job has come, in units of its own. */
export const progressValidator = () =>
  v.object({
    done: v.number(),
    total: v.optional(v.number()),
    message: v.optional(v.string()),
  });

/** A report of a job, in the order of `seq`. */
export const jobEventValidator = () =>
  v.object({
    seq: v.number(),
    progress: v.optional(progressValidator()),
    log: v.optional(logValidator()),
  });

/** An outcome that will not change any more. */
export const endedValidator = () =>
  v.union(
    v.object({
      state: v.union(v.literal("succeeded"), v.literal("replayed")),
      /** The return value as JSON text; null if it was longer than MAX_RESULT of outcome.ts. */
      result: v.union(v.string(), v.null()),
    }),
    v.object({ state: v.literal("failed"), code: v.string(), message: v.string() }),
  );

export type JobState = Infer<ReturnType<typeof jobStateValidator>>;
export type FinalState = Exclude<JobState, "queued" | "working" | "input_required">;
export type Progress = Infer<ReturnType<typeof progressValidator>>;
export type JobEvent = Infer<ReturnType<typeof jobEventValidator>>;
