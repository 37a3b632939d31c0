/** A long tool that runs in parts, and a job that stands between two of them. */
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { Job } from "../../src/jobs/handle";
import { issueKey } from "../support/gate";
import { jobOf, newApp, theJob, type Script } from "../support/longApp";
import { open, responseOf } from "../support/streamClient";
import { claim, handOn, queued } from "./setup";

export const args = { label: "a", idempotencyKey: "once-1234" };

/** Runs the tool in as many parts as there are steps; keeps what each was given. */
export const inParts = (...steps: ((job: Job, part: number) => Promise<unknown>)[]) => {
  const seen: { checkpoint: Value | undefined; label: string }[] = [];
  const script: Script = async (job, label) => {
    const part = seen.length;
    seen.push({ checkpoint: job.checkpoint, label });
    return steps[part]!(job, part);
  };
  return { seen, script };
};

export const goOn = async ({ continueLater }: Job, part: number) => continueLater({ part });

/** Calls the tool and waits until its job has ended. */
export const run = async (script: Script) => {
  const t = await newApp(script);
  const { key } = await issueKey(t);
  const heard = await (await open(t, key, "slow", args, { progressToken: 1 })).ended;
  return { t, key, heard, result: responseOf(heard).result!, job: await theJob(t) };
};

export const scheduled = (t: Awaited<ReturnType<typeof newApp>>) =>
  t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());

/** A job whose first part is over, and whose second has not begun. */
export const betweenParts = async () => {
  const app = await queued();
  const { t, jobId } = app;
  await claim(t, jobId);
  await handOn(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "queued", checkpoint: "7" });
  return app;
};
