/** The worker: runs a job, or one part of it, and renews its lease meanwhile. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { defined } from "../base/defined";
import { refusal } from "../base/refuse";
import { sleepUnless } from "../base/sleep";
import type { Asked, Ended } from "../data/outcome";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import { functionArgs, type Args } from "../run/arguments";
import { attempt } from "../run/attempt";
import { asAsked, explainWith } from "../run/explain";
import { aboutCursor } from "../run/paging";
import { runnerOf, type Runner, type Runs } from "../runner/runner";
import { logInternalError } from "../wire/responses";
import { handedOnBy } from "./checkpoint";
import type { GoesOn, NotBegun } from "./goOn";
import type { Claimed } from "./lease";
import { startTool } from "./startTool";

/** How often the worker renews its lease, in milliseconds. */
const RENEW_MS = 15_000;

/** References to the mutations with which the worker writes a job's row. */
const rowOf = (dir: string) => ({
  claim: makeFunctionReference<"mutation", OfWorker, Claimed | null>(`${dir}/jobs:claim`),
  renew: makeFunctionReference<"mutation", OfJob, null>(`${dir}/jobs:renew`),
  finish: makeFunctionReference<
    "mutation",
    OfWorker & { outcome: Ended | Asked | GoesOn | NotBegun },
    null
  >(`${dir}/jobs:finish`),
});

type OfJob = { jobId: string };

/** `worker` is random. By it a worker can repeat what it said, if it got no answer. */
type OfWorker = OfJob & { worker: string };

/** Runs the tool. A fault before the tool begins is reported like a failure of the tool. */
const runTool = async (
  runner: Runner,
  { tools, dir, errors }: Toolgate,
  jobId: string,
  { tool: name, arguments: text, principal, input, constraints, fixed, checkpoint }: Claimed,
): Promise<Ended | Asked | GoesOn> => {
  let next: string | undefined;
  const outcome = await attempt(
    async (mended) => {
      const tool = find(tools, name);
      if (tool === undefined) throw refusal("not_found", `There is no tool ${name} any more.`);
      const args = mended ?? (JSON.parse(text) as Args);
      const job = { jobId, dir, ...defined({ checkpoint }) };
      const ref = tool.ref as FunctionReference<"action", "internal">;
      const filled = functionArgs(tool, args, { principal, job, input }, constraints);
      const run = startTool(runner, ref, filled, job).catch((error: unknown) => {
        next = handedOnBy(error);
        throw error;
      });
      return run.catch(aboutCursor(tool, args));
    },
    () =>
      explainWith({ runQuery: runner.query }, dir, name, text, fixed ?? []).then(
        asAsked(find(tools, name)),
      ),
    { errors, fixed: fixed ?? [] },
  );
  if (next === undefined) return outcome;
  return { state: "goes_on", checkpoint: next, arguments: text, ...defined({ fixed }) };
};

/** Takes the job. If no answer comes, the job may be taken all the same: then it is told that its tool was not started. */
const claim = async (patient: Runner, dir: string, own: OfWorker): Promise<Claimed | null> => {
  const row = rowOf(dir);
  try {
    return await patient.mutation(row.claim, own, true);
  } catch (error) {
    await patient.mutation(row.finish, { ...own, outcome: { state: "not_begun" } }, true);
    throw error;
  }
};

/** The definition of the action that a job, or a part of it, runs in. If the action dies, its lease runs out and the watchdog ends the job. */
export const runJob = (app: Toolgate) => ({
  get args() {
    return { jobId: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (ctx: Runs, { jobId }: { jobId: string }): Promise<null> => {
    const { renew, finish } = rowOf(app.dir);
    const runner = runnerOf(ctx);
    const patient = runner.patient();
    const worker = crypto.randomUUID();
    const claimed = await claim(patient, app.dir, { jobId, worker });
    if (claimed === null) return null;
    const work = runTool(runner, app, jobId, claimed);
    let outcome = await sleepUnless(RENEW_MS, work);
    while (outcome === undefined) {
      // A failure to renew is no reason to stop: the lease outlasts two of them.
      await runner.mutation(renew, { jobId }, true).catch(logInternalError);
      outcome = await sleepUnless(RENEW_MS, work);
    }
    // Said again until it is heard, because a success that is not written becomes `unknown`.
    await patient.mutation(finish, { jobId, worker, outcome }, true);
    return null;
  },
});
