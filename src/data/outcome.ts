/** The outcome of a call, as data that fits a Convex value. */
import type { Infer } from "convex/values";
import { cut } from "../base/text";
import type { endedValidator } from "./values";

/** The longest result that is kept, in bytes of JSON. None longer is sent either, whatever a tool's line says. */
export const MAX_RESULT = 256 * 1024;

/**
 * The longest result that is sent, in characters of JSON, unless a tool's line says another number. Claude Code puts one of more than 50,000
 * into a file, and one of more than 25,000 tokens is cut.
 */
export const RESULT_CHARS = 48_000;

/** A final outcome: the result as JSON text, or the failure. */
export type Ended = Infer<ReturnType<typeof endedValidator>>;

/** The outcome of a call to an action, which runs as a job. An earlier call with the same idempotency key may have started the job. */
export interface Started {
  readonly state: "started";
  readonly jobId: string;
  readonly isNew: boolean;
  /** The operation of the call that started the job, if it was not this one. */
  readonly original?: string;
  /** The number of this request among all that have waited for the job, counted from 1. */
  readonly watcher: number;
  /** Set while somebody must approve the call before it runs: why, and when that ends, in ms since 1970. */
  readonly awaits?: { readonly reason: string; readonly until: number };
}

export type Outcome = Ended | Started | Asked;

/** The operation of the earlier call that an outcome is of; undefined if it is of this call, or if nothing has run yet. */
export const originalOf = (outcome: Outcome | undefined): string | undefined =>
  outcome === undefined || outcome.state === "asked" ? undefined : outcome.original;

/** The longest message of a failure, in characters. The row of a job holds it. */
const MAX_MESSAGE = 8 * 1024;

/** Makes a failure. `code` is cut to 64 characters, `message` to 8,192. */
export const failed = (code: string, message: string): Ended => ({
  state: "failed",
  code: cut(code, 64),
  message: cut(message, MAX_MESSAGE),
});

/** Whether a failure is a fault of the server or the app, so that the function may have ended before it failed. */
export const isFault = ({ code }: { readonly code: string }): boolean =>
  code === "internal" || code === "invalid_result";

/**
 * The outcome of a function that stopped to ask the client. Writes of a mutation are rolled back; an action keeps what it has done.
 * A type and not an interface, because Convex arguments do not accept interfaces.
 */
export type Asked = {
  readonly state: "asked";
  /** `InputRequests` as JSON text. */
  readonly requests: string;
};
