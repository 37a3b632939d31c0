/**
 * Real requests through the bundled routes, in a context that has what Convex has and no more. Its functions are stubbed, so that
 * all that runs is what Convex would run in an HTTP action.
 */
import type { Bundle } from "../runtime/load";
import { calls } from "./calls";
import type { Functions } from "./deployment";
import { refusals } from "./refusals";
import { send, type Answer, type Sent } from "./send";
import { streams } from "./streams";

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

/** All drives, bound to a bundle of http.ts. */
export const drivesOf = (bundle: Bundle) =>
  [...refusals, ...calls, ...streams].map(({ name, run }) => ({
    name,
    run: () => run((functions, sent, check) => send(bundle, functions, sent, check)),
  }));
