/**
 * Breaks calls that the library makes from actions, at the one place where it makes them: src/runner/runner.ts. What a tool calls by
 * itself, and what a transaction nests, is let be.
 */
import { afterEach, beforeEach, vi } from "vitest";
import { getFunctionName } from "convex/server";
import type { Runs } from "../../src/runner/runner";

/** Convex's texts, as an action gets them, and two faults with texts of their own. */
export const texts = {
  conflict:
    'Documents read from or written to the "toolgateJobs" table changed while this mutation was being run and on every subsequent ' +
    'retry. A call to "toolgate/jobs:report" changed the document with ID "k17". See https://docs.convex.dev/error#1',
  writes:
    "Too many writes per second. Your deployment is limited to 4 MiB bytes written per 1s. Reduce your write rate or upgrade to a " +
    "larger deployment.",
  slot: "Too many concurrent requests. Your backend is limited to 64 concurrent actions. To get more resources, upgrade to Convex Pro.",
  thrown: "Uncaught Error: injected",
  /** The call is made, and its answer is lost. */
  lost: "Your request couldn't be completed. Try again later.",
};

export type Fault = keyof typeof texts;

/** A call of a function: its kind, and its name such as `toolgate/jobs:finish`. */
export interface Made {
  readonly kind: "query" | "mutation" | "action";
  readonly name: string;
}

type Judge = (made: Made) => Fault | undefined;

let judge: Judge | undefined;

/**
 * Has every call judged from now on, in place of any earlier judge.
 *
 * @param next - says how the call is broken; undefined to let it be. Without it nothing is broken.
 */
export const inject = (next?: Judge): void => {
  judge = next;
};

/** Breaks the first calls of one function. */
export const breakFirst = (name: string, fault: Fault, times = 1): void => {
  let left = times;
  inject((made) => (made.name === name && left-- > 0 ? fault : undefined));
};

type Call = (ref: never, args: never) => Promise<unknown>;

const broken =
  (kind: Made["kind"], call: Call): Call =>
  async (ref, args) => {
    const fault = judge?.({ kind, name: getFunctionName(ref) });
    if (fault === undefined) return call(ref, args);
    if (fault === "lost") await call(ref, args);
    throw new Error(texts[fault]);
  };

/**
 * Puts itself between the library's runner and Convex. Every test file has to say so:
 * `vi.mock("…/src/runner/runner", async (original) => (await import("…/support/injector")).between(await original()));`
 */
export const between = (real: typeof import("../../src/runner/runner")) => ({
  ...real,
  runnerOf: ({ runQuery, runMutation, runAction }: Runs, tries?: number) =>
    real.runnerOf(
      {
        runQuery: broken("query", runQuery),
        runMutation: broken("mutation", runMutation),
        runAction: broken("action", runAction),
      },
      tries,
    ),
});

/** Gives each test of a file calls that can be broken: without pauses between two tries, and without a word in the log. */
export const breakEachTest = (): void => {
  beforeEach(() => {
    for (const method of ["warn", "error"] as const) vi.spyOn(console, method).mockReturnValue();
    // Pauses between two tries are none.
    vi.spyOn(Math, "random").mockReturnValue(-0.5);
  });
  afterEach(() => {
    inject();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
};
