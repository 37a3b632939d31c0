/** An app whose effects can be counted: each writing call has a label, and leaves one tenant of that name. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { inputValidator, jobValidator } from "../../src/data/arguments";
import { jobHandle } from "../../src/jobs/handle";
import { runJob } from "../../src/jobs/worker";
import { jobTool } from "../../src/registry/jobTools";
import { tool, type Tools } from "../../src/registry/tools";
import type { Toolgate } from "../../src/registry/toolgate";
import { form } from "../support/askingApp";
import { newApp } from "../support/app";
import { issueKey, rows, type Backend } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";

/** A reference without types: what the lines promise of their functions is not checked here. */
const probe = (name: string) => makeFunctionReference(`probe:${name}`) as never;

const writes = { permission: "stock:adjust", description: "Writes.", destructive: false } as const;
const once = { ...writes, idempotent: false } as const;

const tools: Tools = {
  read: () =>
    tool.query(probe("read"), { permission: "orders:read", description: "Reads." } as never),
  add: () => tool.mutation(probe("add"), once as never),
  work: () =>
    tool.action(probe("work"), {
      ...once,
      job: true,
    } as never),
  parts: () =>
    tool.action(probe("parts"), {
      ...once,
      job: true,
    } as never),
  endless: () =>
    tool.action(probe("endless"), {
      ...once,
      job: true,
    } as never),
  found: () => tool.mutation(probe("found"), { ...once, input: true } as never),
  jobs_get: () => jobTool.get(internal.toolgate.jobs.get, "jobs:read"),
};

const label = { label: v.string() };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const functions = {
  read: internalQuery({
    args: label,
    returns: v.string(),
    handler: async (_ctx, args) => args.label,
  }),
  add: internalMutation({
    args: label,
    returns: v.string(),
    handler: async (ctx, { label: slug }) => {
      await ctx.db.insert("tenants", { slug, name: slug, currency: "EUR" });
      return slug;
    },
  }),
  work: internalAction({
    args: { ...label, job: jobValidator() },
    returns: v.string(),
    handler: async (ctx, { label: name, job }): Promise<string> => {
      const { progress } = jobHandle(ctx, job);
      await progress(0, 2);
      await ctx.runMutation(probe("add"), { label: name } as never);
      await progress(1, 2);
      return name;
    },
  }),
  /** Takes three parts, and has its effect in the second. */
  parts: internalAction({
    args: { ...label, job: jobValidator() },
    returns: v.string(),
    handler: async (ctx, { label: name, job }): Promise<string> => {
      const { progress, checkpoint, continueLater } = jobHandle(ctx, job);
      if (checkpoint === undefined) return continueLater(1);
      await progress(Number(checkpoint), 3);
      if (checkpoint === 2) return name;
      await ctx.runMutation(probe("add"), { label: name } as never);
      return continueLater(2);
    },
  }),
  /** Works until it is cancelled, a second at most. */
  endless: internalAction({
    args: { ...label, job: jobValidator() },
    returns: v.string(),
    handler: async (ctx, { label: name, job }): Promise<string> => {
      const { progress } = jobHandle(ctx, job);
      for (let step = 0; step < 60; step++) {
        await progress(step);
        await pause(15);
      }
      return name;
    },
  }),
  found: internalMutation({
    args: { ...label, input: inputValidator() },
    returns: v.string(),
    handler: async (ctx, { label: slug, input }) => {
      const { named } = await inputHandle(input).ask({ named: form("What is its name?", "name") });
      const name = named.action === "accept" ? String(named.content.name) : named.action;
      await ctx.db.insert("tenants", { slug, name, currency: "EUR" });
      return slug;
    },
  }),
};

export interface Probe {
  readonly t: Backend;
  readonly key: string;
}

export const newProbe = async (): Promise<Probe> => {
  const worker = runJob({ tools, dir: "toolgate" } as unknown as Toolgate);
  /** The worker. If it dies, its lease has run out at once, and the watchdog comes. */
  const run = internalAction({
    args: { jobId: v.string() },
    returns: v.null(),
    handler: async (ctx, args): Promise<null> => {
      try {
        return await worker.handler(ctx, args);
      } catch {
        await expireLease(args.jobId);
        return null;
      }
    },
  });
  const t = newApp({
    ...{ registry: { tools }, functions: { probe: functions }, streamSeconds: 2 },
    overrides: { "toolgate/worker": { run } },
  });
  const expireLease = async (jobId: string) => {
    await t.run(async (ctx) => {
      const jobs = await ctx.db.query("toolgateJobs").collect();
      const job = jobs.find((one) => one.jobId === jobId);
      // For a part that has not begun the watchdog sends another worker, long before its time is up.
      const waitsOn = job?.state === "queued" && job.checkpoint !== undefined;
      if (job !== undefined && !waitsOn)
        await ctx.db.patch("toolgateJobs", job._id, { leaseUntil: 0 });
    });
    await t.mutation(internal.toolgate.jobs.expire, { jobId });
  };
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  const { key } = await issueKey(t, { subject: "agent" });
  return { t, key };
};

/** How often the call with a label has had its effect. */
export const effectsOf = async ({ t }: Probe, name: string): Promise<number> =>
  (await rows(t, "tenants")).filter(({ slug }) => slug === name).length;
