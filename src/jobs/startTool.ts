/** Starts the tool of a job. The worker has a slot of Convex by then, and the tool needs one of its own. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { refusal } from "../base/refuse";
import type { Args } from "../run/arguments";
import { Overloaded, pauseAfter, type Runner } from "../runner/runner";
import type { JobArgument } from "../data/arguments";
import { handedOn } from "./checkpoint";
import { cancellation, NOT_STARTED } from "./ends";

/** How long the tool may wait for a slot, in milliseconds. Convex lets each try wait 10 s by itself. */
const START_MS = 60_000;

/** The pause between two tries grows no more after so many. */
const LONGEST_PAUSE = 6;

const isCancelledRef = (dir: string) =>
  makeFunctionReference<"query", { jobId: string }, boolean>(`${dir}/jobs:isCancelled`);

/**
 * Runs the tool, once Convex has a slot for it.
 *
 * @param job - the argument that a tool may declare.
 * @returns what the tool returns.
 * @throws ConvexError `not_started` if there is no slot for a minute, `cancelled` if the job was cancelled meanwhile: in both cases
 * nothing was done. A later part that gets no slot is handed on as it is. Any other error is the tool's.
 */
export const startTool = async (
  runner: Runner,
  tool: FunctionReference<"action", "internal">,
  args: Args,
  { jobId, dir, checkpoint }: JobArgument,
): Promise<unknown> => {
  const deadline = Date.now() + START_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await runner.action(tool, args);
    } catch (error) {
      if (!(error instanceof Overloaded)) throw error;
    }
    // It may have been cancelled if that cannot be read, and then stops at its first report.
    if (await runner.query(isCancelledRef(dir), { jobId }).catch(() => false)) throw cancellation();
    if (Date.now() >= deadline)
      throw checkpoint === undefined
        ? refusal(NOT_STARTED.code, NOT_STARTED.message)
        : handedOn(checkpoint);
    await pauseAfter(Math.min(tries, LONGEST_PAUSE));
  }
};
