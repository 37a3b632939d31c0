/** The deployment to examine, the user's choices, and the time limits. */
import type { Params } from "../../src/wire/jsonrpc";

/** A tool that the user wants to be called. */
export interface NamedCall {
  readonly name: string;
  readonly arguments: Params;
}

/** The endpoint to examine, with the options of the user. */
export interface Target {
  readonly url: URL;
  /** The API key. Without it, only the checks that need no key run. */
  readonly key?: string;
  /** An origin that the deployment should allow. */
  readonly origin?: string;
  /** Called instead of a read-only tool from the list. */
  readonly tool?: NamedCall;
  /** A long tool whose stream is checked. It may write, so the doctor never chooses one on its own. */
  readonly streamTool?: NamedCall;
  /** A tool that writes, called five times to time it. The doctor never chooses one on its own. */
  readonly writeTool?: NamedCall;
}

/** The time limits, all in milliseconds. */
export interface Limits {
  /** For one request without a long tool. */
  readonly requestMs: number;
  /** For the stream of a long tool. */
  readonly listenMs: number;
  /** The longest allowed silence of a stream. */
  readonly silenceMs: number;
  /** The shortest stream that can show buffering. A shorter one may simply be fast. */
  readonly briefMs: number;
  /** The largest allowed difference between the two clocks. */
  readonly skewMs: number;
}

/**
 * No chain of requests that wait for each other takes more than 40 s: three requests and the stream. The three timings that follow begin no
 * request after 5 s each, so they take 30 s at most.
 */
export const LIMITS: Limits = {
  requestMs: 5_000,
  listenMs: 20_000,
  silenceMs: 15_000,
  briefMs: 1_000,
  skewMs: 60_000,
};
