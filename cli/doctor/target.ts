/** What is examined, with what, and for how long. */
import type { Params } from "../../src/wire/jsonrpc";

/** A tool to call, by the user's wish. */
export interface NamedCall {
  readonly name: string;
  readonly arguments: Params;
}

export interface Target {
  readonly url: URL;
  /** Without one, only what strangers see is looked at. */
  readonly key?: string;
  /** An origin that should be allowed. */
  readonly origin?: string;
  /** Called instead of a read-only tool that is found. */
  readonly tool?: NamedCall;
  /** A long tool, whose stream is listened to. It may write, so none is ever chosen unasked. */
  readonly streamTool?: NamedCall;
}

/** All in milliseconds. */
export interface Limits {
  /** For one request that is answered at once. */
  readonly requestMs: number;
  /** For listening to a long tool. */
  readonly listenMs: number;
  /** The longest silence that a stream may have. */
  readonly silenceMs: number;
  /** A stream that is over sooner does not tell buffering from speed. */
  readonly briefMs: number;
  /** How far two clocks may be apart. */
  readonly skewMs: number;
}

/** No chain of requests that wait for each other exceeds 40 s: three of them, and the stream. */
export const LIMITS: Limits = {
  requestMs: 5_000,
  listenMs: 20_000,
  silenceMs: 15_000,
  briefMs: 1_000,
  skewMs: 60_000,
};
