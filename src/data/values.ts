/** Validators of values that are kept in rows and passed between functions. tables.ts is for the schema alone. */
import { v, type Infer } from "convex/values";

/** The constraint of a key on one argument of one tool. The argument must then be present. `min` and `max` are inclusive. */
export const constraintValidator = () =>
  v.object({
    min: v.optional(v.number()),
    max: v.optional(v.number()),
    oneOf: v.optional(v.array(v.union(v.string(), v.number(), v.boolean()))),
  });

/** Tool name → argument path (`total`, `lines.*.quantity`) → constraint. */
export const constraintsValidator = () =>
  v.record(v.string(), v.record(v.string(), constraintValidator()));

/** Tool name → argument → the value that the server fills in. */
export const fixedValidator = () => v.record(v.string(), v.record(v.string(), v.any()));

/** Whether a key is for real data or for tests. People and secret scanners read it; the gate treats both alike. */
export const keyEnvValidator = () => v.union(v.literal("live"), v.literal("test"));

/** What a connection may do: read only, or all that its key may do. */
export const accessValidator = () => v.union(v.literal("read"), v.literal("all"));

export type Access = Infer<ReturnType<typeof accessValidator>>;

/** The client of a connection. All of it is the client's word but `host`, and `id` if it is verified. */
export const clientValidator = () =>
  v.object({
    /** The URL of the client's document, or the SHA-256 of a registered id. */
    id: v.string(),
    name: v.string(),
    /** Where codes are sent: the host of the redirect URI; absent for a device. */
    host: v.optional(v.string()),
    /** Whether the client is known by its own document. */
    verified: v.boolean(),
  });

export type Client = Infer<ReturnType<typeof clientValidator>>;

/**
 * How a call ended. `started` is for a tool that is an action, `held` for a call that somebody must approve: how its job ended is in a row
 * of its own.
 */
export const auditOutcomeValidator = () =>
  v.union(
    v.literal("denied"),
    v.literal("answered"),
    v.literal("asked"),
    v.literal("held"),
    v.literal("started"),
    v.literal("succeeded"),
    v.literal("replayed"),
    v.literal("failed"),
    v.literal("cancelled"),
    v.literal("unknown"),
  );

/** The state of a job. `awaiting_approval`, `queued`, `working` and `input_required` change; the others are final. */
export const jobStateValidator = () =>
  v.union(
    v.literal("awaiting_approval"),
    v.literal("queued"),
    v.literal("working"),
    v.literal("input_required"),
    v.literal("succeeded"),
    v.literal("failed"),
    v.literal("denied"),
    v.literal("expired"),
    v.literal("cancelled"),
    v.literal("unknown"),
  );

/** A log message of a running job. */
export const logValidator = () =>
  v.object({
    /** A severity of RFC 5424: see logLevel.ts. */
    level: v.string(),
    data: v.string(),
  });

/** The progress of a job, in units of the tool's choice. */
export const progressValidator = () =>
  v.object({
    done: v.number(),
    total: v.optional(v.number()),
    message: v.optional(v.string()),
  });

/** One report of a job. `seq` counts the reports, from 1. */
export const jobEventValidator = () =>
  v.object({
    seq: v.number(),
    progress: v.optional(progressValidator()),
    log: v.optional(logValidator()),
  });

/** The member of an outcome that is that of an earlier call: the operation of that call. */
const originalField = () => ({ original: v.optional(v.string()) });

/** A final outcome. */
export const endedValidator = () =>
  v.union(
    v.object({
      state: v.union(v.literal("succeeded"), v.literal("replayed")),
      /** The return value as JSON text; null if it is longer than `MAX_RESULT` in outcome.ts. */
      result: v.union(v.string(), v.null()),
      ...originalField(),
    }),
    v.object({
      ...{ state: v.literal("failed"), code: v.string(), message: v.string() },
      ...originalField(),
    }),
  );

export type JobState = Infer<ReturnType<typeof jobStateValidator>>;
export type FinalState = Exclude<
  JobState,
  "awaiting_approval" | "queued" | "working" | "input_required"
>;
export type Progress = Infer<ReturnType<typeof progressValidator>>;
export type JobEvent = Infer<ReturnType<typeof jobEventValidator>>;

/** What an operator has stopped. `all`: every request. `writes`: mutations and actions, while reading goes on. */
export type Stop = "all" | "writes";
