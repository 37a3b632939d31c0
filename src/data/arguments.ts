/** The arguments that a bound function declares and the server fills in. `principal` has a file of its own. */
import { v, type Infer } from "convex/values";

/** The names of the arguments that the server fills in. No client can send one, whatever a function declares. */
export const filledIn = ["principal", "job", "input"] as const;

/**
 * The validator of the argument `input`. A bound function that declares it can ask the client, with `inputHandle`. The server fills
 * the argument in, and it is never part of a tool's schema.
 */
export const inputValidator = () =>
  v.object({
    /** The kinds of requests the client can answer. */
    can: v.array(v.string()),
    /** `Answers` as JSON text. */
    answers: v.string(),
  });

/** The value of the argument `input`. Pass it to `inputHandle`. */
export type InputArgument = Infer<ReturnType<typeof inputValidator>>;

/** Picks the argument from a value with more members, which the bound function's validator would refuse. */
export const inputArgument = ({ can, answers }: InputArgument): InputArgument => ({ can, answers });

/**
 * The validator of the argument `job`. A bound action that declares it can report progress and learn that it was cancelled, with
 * `jobHandle`. The server fills the argument in, and it is never part of a tool's schema.
 */
export const jobValidator = () =>
  v.object({
    jobId: v.string(),
    /** The folder of the glue, whose functions the job reports to. */
    dir: v.string(),
  });

/** The value of the argument `job`. Pass it to `jobHandle`. */
export type JobArgument = Infer<ReturnType<typeof jobValidator>>;
