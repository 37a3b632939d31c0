/** The argument by which a function can ask: see `inputHandle`. */
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
