/** The worker: runs one job from start to end, and renews its lease meanwhile. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { refusal } from "../base/refuse";
import { sleep, sleepUnless } from "../base/sleep";
import type { ActionCtx } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import { functionArgs } from "../run/arguments";
import { attempt } from "../run/attempt";
import { explainWith } from "../run/explain";
import { logInternalError } from "../wire/responses";
import type { Claimed } from "./lease";

/** How often the worker renews its lease, in milliseconds. */
const RENEW_MS = 15_000;

/** References to the mutations with which the worker writes a job's row. */
const rowOf = (dir: string) => ({
  claim: makeFunctionReference<"mutation", OfJob, Claimed | null>(`${dir}/jobs:claim`),
  renew: makeFunctionReference<"mutation", OfJob, null>(`${dir}/jobs:renew`),
  finish: makeFunctionReference<"mutation", OfJob & { outcome: Ended | Asked }, null>(
    `${dir}/jobs:finish`,
  ),
});

type OfJob = { jobId: string };

type Runner = Pick<ActionCtx, "runQuery" | "runMutation" | "runAction">;

/** Runs the tool. A fault before the tool begins is reported like a failure of the tool. */
const runTool = (
  ctx: Runner,
  { tools, dir }: Toolgate,
  jobId: string,
  { tool: name, arguments: text, principal, input }: Claimed,
): Promise<Ended | Asked> =>
  attempt(
    () => {
      const tool = find(tools, name);
      if (tool === undefined) throw refusal("not_found", `There is no tool ${name} any more.`);
      const args = JSON.parse(text) as Record<string, unknown>;
      return ctx.runAction(
        tool.ref as FunctionReference<"action", "internal">,
        functionArgs(tool, args, { principal, job: { jobId, dir }, input }),
      );
    },
    () => explainWith(ctx, dir, name, text),
  );

/** How often the worker tries to write the end of a job, and the first wait between two tries, in milliseconds. */
const FINISH_TRIES = 5;
const FINISH_PAUSE_MS = 500;

/** Writes the end of a job. It tries several times, because a success that is not written becomes `unknown`. */
const finish = async (ctx: Runner, dir: string, jobId: string, outcome: Ended | Asked) => {
  for (let tries = 1; ; tries++) {
    try {
      await ctx.runMutation(rowOf(dir).finish, { jobId, outcome });
      return;
    } catch (error) {
      if (tries === FINISH_TRIES) throw error;
      await sleep(FINISH_PAUSE_MS * tries * (0.5 + Math.random()));
    }
  }
};

/** The definition of the action that a job runs in. If the action dies, its lease runs out and the watchdog ends the job. */
export const runJob = (app: Toolgate) => ({
  args: { jobId: v.string() },
  returns: v.null(),
  handler: async (ctx: Runner, { jobId }: { jobId: string }): Promise<null> => {
    const { claim, renew } = rowOf(app.dir);
    const claimed = await ctx.runMutation(claim, { jobId });
    if (claimed === null) return null;
    const work = runTool(ctx, app, jobId, claimed);
    let outcome = await sleepUnless(RENEW_MS, work);
    while (outcome === undefined) {
      // A failure to renew is no reason to stop: the lease outlasts two of them.
      await ctx.runMutation(renew, { jobId }).catch(logInternalError);
      outcome = await sleepUnless(RENEW_MS, work);
    }
    await finish(ctx, app.dir, jobId, outcome);
    return null;
  },
});
