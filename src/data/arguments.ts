/** The arguments that the server fills in, for a bound function to declare. */
import { v, type Infer } from "convex/values";

/** For a bound function to declare as `input`. The server fills it in; it is never part of a tool's schema. */
export const inputValidator = () =>
  v.object({
    /** The kinds of requests the client can answer. */
    can: v.array(v.string()),
    /** `Answers` as JSON text. */
    answers: v.string(),
  });

export type InputArgument = Infer<ReturnType<typeof inputValidator>>;

/** The argument out of a value that holds more. */
export const inputArgument = ({ can, answers }: InputArgument): InputArgument => ({ can, answers });

/**
 * A bound action that declares an argument `job` with this validator can report progress and learn that it was cancelled. It
 * is never part of a tool's schema.
 */
export const jobValidator = () =>
  v.object({
    jobId: v.string(),
    /** The folder of the functions that the job reports to. */
    dir: v.string(),
  });

export type JobArgument = Infer<ReturnType<typeof jobValidator>>;
