/** Tools that run as jobs. */
import { ConvexError, v } from "convex/values";
import { inputHandle } from "../../../src/asking/handle";
import { inputValidator, jobValidator, type JobArgument } from "../../../src/data/arguments";
import type { ActionCtx } from "../../../src/data/database";
import { jobHandle, type Job } from "../../../src/jobs/handle";
import { content, contentValidator } from "../../../src/registry/content";
import { filledIn, question } from "./asking";
import { internalAction, internalQuery } from "./server";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const done = (text: string) => content({ type: "text", text });

/** A tool without arguments that tells of itself. */
const telling = (work: (job: Job) => Promise<unknown>) =>
  internalAction({
    args: { job: jobValidator() },
    returns: contentValidator(),
    handler: async (
      ctx: Pick<ActionCtx, "runMutation" | "runQuery" | "runAction">,
      { job }: { job: JobArgument },
    ) => {
      await work(jobHandle(ctx, job));
      return done("Done.");
    },
  });

export const withProgress = telling(async (job) => {
  await job.progress(0, 100);
  await pause(50);
  await job.progress(50, 100);
  await pause(50);
  await job.progress(100, 100);
});

export const withLogging = telling(async (job) => {
  await job.log("info", "Tool execution started");
  await pause(50);
  await job.log("info", "Tool processing data");
  await pause(50);
  await job.log("info", "Tool execution completed");
});

export const slowCompute = internalAction({
  args: { seconds: v.number(), label: v.optional(v.string()), job: jobValidator() },
  returns: contentValidator(),
  handler: async (ctx, { seconds, label, job }) => {
    const own = jobHandle(ctx, job);
    const tenths = Math.ceil(seconds * 10);
    for (let tenth = 0; tenth < tenths; tenth += 1) {
      await own.progress(tenth, tenths);
      await pause(100);
    }
    return done(`${label ?? "Computed"}: ${String(seconds)} s`);
  },
});

export const failingJob = internalAction({
  args: {},
  returns: v.null(),
  handler: async (): Promise<null> => {
    throw new ConvexError("This job fails on purpose");
  },
});

export const protocolErrorJob = internalAction({
  args: {},
  returns: v.null(),
  handler: async (): Promise<null> => {
    throw new Error("This job breaks on purpose");
  },
});

export const confirmDelete = internalAction({
  args: { filename: v.string(), input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { filename, input }) => {
    const { confirm } = await inputHandle(input).ask({
      confirm: question(`Delete ${filename}?`, "confirm", "boolean"),
    });
    return done(`${filename}: ${filledIn(confirm, "confirm")}`);
  },
});

export const multiInput = internalAction({
  args: { input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { input }) => {
    const { first, second } = await inputHandle(input).ask({
      first: question("What is your name?", "name"),
      second: question("Are you sure?", "confirm", "boolean"),
    });
    return done(`${filledIn(first, "name")}: ${filledIn(second, "confirm")}`);
  },
});

const askName = { user_name: question("What is your name?", "name") };

/** Runs before the job: the question is asked while there is no task yet. */
export const nameKnown = internalQuery({
  args: { input: inputValidator() },
  returns: v.null(),
  handler: async (_ctx, { input }) => {
    await inputHandle(input).ask(askName);
    return null;
  },
});

export const greetLater = internalAction({
  args: { input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { input }) => {
    const { user_name: name } = await inputHandle(input).ask(askName);
    return done(`Hello, ${filledIn(name, "name")}!`);
  },
});
