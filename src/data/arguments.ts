/** The arguments that a bound function declares and the server fills in. `principal` has a file of its own. */
import { v, type Infer } from "convex/values";

/** The names of the arguments that the server fills in for functions that declare them with the library's own validators. */
export const filledIn = ["principal", "job", "input"] as const;

export type FilledIn = (typeof filledIn)[number];

/** The members by which a value of each is known. */
const MEMBERS: Readonly<Record<FilledIn, readonly string[]>> = {
  principal: ["subject", "role", "keyId"],
  job: ["jobId", "dir"],
  input: ["can", "answers"],
};

/**
 * Whether a value that a client sent could pass for the one that the server fills in. It is refused, also for a function whose line
 * forgot to state the argument. Any other value is for an argument of the app's own that has the same name.
 */
export const passesFor = (name: FilledIn, value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  MEMBERS[name].every((member) => Object.hasOwn(value, member));

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
 * The validator of the argument `job`. A bound action that declares it can report progress, learn that it was cancelled, and go on in
 * another action, with `jobHandle`. The server fills the argument in, and it is never part of a tool's schema.
 */
export const jobValidator = () =>
  v.object({
    jobId: v.string(),
    /** The folder of the glue, whose functions the job reports to. */
    dir: v.string(),
    /** What the part before has handed on; absent in the first part. */
    checkpoint: v.optional(v.string()),
  });

/** The value of the argument `job`. Pass it to `jobHandle`. */
export type JobArgument = Infer<ReturnType<typeof jobValidator>>;

/** The rows of a page, unless the client says how many; and the most that it may say. */
export const PAGE = { usual: 20, most: 100 } as const;
