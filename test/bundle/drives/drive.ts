/** A request through the bundled routes, and what is checked of its answer. */
import type { Functions } from "./deployment";
import type { Answer, Sent } from "./send";

/** Sends a request and checks the answer. */
export type Send = (
  functions: Functions,
  sent: Sent,
  check: (answer: Answer) => void,
) => Promise<Answer>;

/** One or more requests. */
export interface Drive {
  readonly name: string;
  /** Rejects with what is wrong, in one line. */
  readonly run: (send: Send) => Promise<unknown>;
}
