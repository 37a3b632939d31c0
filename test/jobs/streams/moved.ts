/** Minutes that pass in a second: everything that jobs, streams and clients go by is the test's clock. */
import { vi } from "vitest";
import { responseOf, open, type Heard, type Speech } from "../../support/streamClient";
import type { Backend, ToolResult } from "../../support/gate";

/** The hashes under way. They take real time, in which the test's clock must not run on. */
let hashes = 0;
let isCounted = false;

const counted =
  <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    hashes++;
    return work(...args).finally(() => hashes--);
  };

/** Holds all clocks. `vi.useRealTimers` lets them go. */
export const holdTime = () => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
  const { subtle } = crypto;
  if (isCounted) return;
  isCounted = true;
  for (const name of ["digest", "importKey", "sign", "verify"] as const) {
    const work = subtle[name].bind(subtle) as (...args: unknown[]) => Promise<never>;
    // A worker runs several test files, each with this module anew.
    Object.defineProperty(subtle, name, { value: counted(work), configurable: true });
  }
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Waits until nothing is left to do but to wait. */
const idle = async () => {
  for (let turns = 0; turns < 3; turns++) {
    if (hashes > 0) turns = 0;
    await turn();
  }
};

const STEP_MS = 1_000;

/** Lets time pass until `done` settles, at most `seconds`. */
export const passUntil = async <T>(done: Promise<T>, seconds: number): Promise<T> => {
  const state = { isSettled: false };
  const settle = () => (state.isSettled = true);
  done.then(settle, settle);
  await idle();
  for (let ms = 0; !state.isSettled && ms < seconds * 1000; ms += STEP_MS) {
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await idle();
  }
  if (!state.isSettled) throw new Error(`not within ${seconds} s`);
  return done;
};

export const pass = (seconds: number): Promise<void> =>
  passUntil(new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)), seconds + 1);

export const sleep = (seconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

export interface Timed {
  readonly heard: Heard;
  readonly result: ToolResult;
  /** How long the answer took. */
  readonly seconds: number;
}

/** Calls a tool and measures by the test's clock. @throws Error without a result. */
export const timed = async (
  t: Backend | URL,
  key: string,
  name: string,
  args: object = {},
  speech: Speech = {},
): Promise<Timed> => {
  const before = Date.now();
  const heard = await (await open(t, key, name, args, speech)).ended;
  const { result } = responseOf(heard);
  if (result === undefined) throw new Error(JSON.stringify(heard.messages));
  return { heard, result, seconds: (Date.now() - before) / 1000 };
};
