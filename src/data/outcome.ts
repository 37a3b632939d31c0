/** How a tool's run ended, as data that fits a Convex value. */
import type { Infer } from "convex/values";
import { cut } from "../base/text";
import type { endedValidator } from "./values";

/** The longest result that is sent or kept, in bytes of JSON. */
export const MAX_RESULT = 256 * 1024;

/** An outcome that will not change any more. */
export type Ended = Infer<ReturnType<typeof endedValidator>>;

/** An action runs as a job, which an earlier call with the same idempotency key may have started. */
export interface Started {
  readonly state: "started";
  readonly jobId: string;
  readonly isNew: boolean;
  /** Which of the requests that have waited for the job this one is; counted from 1. */
  readonly watcher: number;
}

export type Outcome = Ended | Started | Asked;

/** The longest message of a failure, in characters: it is kept with a job. */
const MAX_MESSAGE = 8 * 1024;

export const failed = (code: string, message: string): Ended => ({
  state: "failed",
  code: cut(code, 64),
  message: cut(message, MAX_MESSAGE),
});

/** What a function that stopped wants to know. Nothing that it did remains. A type, since Convex takes no interface for arguments. */
export type Asked = {
  readonly state: "asked";
  /** `InputRequests` as JSON text. */
  readonly requests: string;
};
