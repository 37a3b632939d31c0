/** The app with long tools that do what a test tells them to, in convex-test and, where a test asks for it, behind a socket. */
import { httpRouter, makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as z from "zod";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import {
  httpAction,
  internalAction,
  internalMutation,
  internalQuery,
} from "../../convex/_generated/server";
import { gate } from "../../convex/chain";
import { tenantMutation, tenantQuery } from "../../convex/erp/functions";
import * as jobs from "../../convex/jobs";
import { listen } from "../../local/listen";
import { explaining, listing } from "../../src/catalog/catalog";
import { jobValidator, type JobArgument } from "../../src/data/arguments";
import { admission } from "../../src/gate/admission";
import { cancelOwnJob } from "../../src/jobs/cancel";
import { jobHandle, type Job } from "../../src/jobs/handle";
import { viewJob } from "../../src/jobs/read";
import { mcp } from "../../src/mcp/endpoint";
import { compose } from "../../src/middleware/compose";
import { tool, type Registry } from "../../src/registry/tools";
import { reading } from "../../src/run/reading";
import { newBackend, rows, type Backend } from "./gate";
import { workerWith } from "./jobs";

// The tests of a file share keys; what the rate limits do is tested elsewhere.
process.env.TOOLGATE_LIMIT_SCALE = "1000000";

/** What a long tool does; what it returns is the tool's result. */
export type Script = (job: Job, label: string) => Promise<unknown>;

const run = makeFunctionReference<"action">("probe:run") as unknown as FunctionReference<
  "action",
  "internal",
  { job: JobArgument; label?: string }
>;
const read = makeFunctionReference<"query">("probe:read") as unknown as FunctionReference<
  "query",
  "internal",
  { text: string }
>;

const acts = { job: true, destructive: false, idempotent: true } as const;

const tools: Registry = {
  slow: () =>
    tool.action(run, { permission: "orders:read", ...acts, description: "Takes its time." }),
  brief: () =>
    tool.action(run, {
      permission: "orders:read",
      ...acts,
      maxInline: 0.5,
      description: "Is answered with its job after half a second.",
    }),
  scarce: () =>
    tool.action(run, {
      permission: "stock:adjust",
      ...acts,
      description: "For few roles.",
    }),
  read: () => tool.query(read, { permission: "orders:read", description: "Echo a text." }),
  jobs_get: () =>
    tool.query(internal.jobTools.get, {
      ...{ permission: "jobs:read", principal: true, description: "Shows a job." },
    }),
  jobs_cancel: () =>
    tool.mutation(internal.jobTools.cancel, {
      ...{ permission: "jobs:cancel", principal: true, description: "Stops a job." },
      ...{ destructive: true, idempotent: true },
    }),
};

/** As convex/jobTools.ts, for the tools above. */
const jobTools = {
  get: tenantQuery({
    args: { jobId: z.string() },
    returns: z.any(),
    handler: (ctx, { jobId }) => viewJob(ctx, tools, jobId, ctx.principal),
  }),
  cancel: tenantMutation({
    args: { jobId: z.string() },
    returns: z.any(),
    handler: async (ctx, { jobId }) => ({
      ...{ jobId, state: await cancelOwnJob(ctx, tools, jobId, ctx.principal) },
    }),
  }),
};

export interface Options {
  readonly streamSeconds?: number;
  /** Functions in place of some of the jobs module's own. */
  readonly jobs?: object;
  /** The worker, in place of the real one. */
  readonly worker?: object;
}

const modulesWith = (play: Script, { streamSeconds, jobs: overrides, worker }: Options) => {
  const probe = {
    run: internalAction({
      args: { job: jobValidator(), label: v.optional(v.string()) },
      handler: async (ctx, { job, label = "" }) => play(jobHandle(ctx, internal.jobs, job), label),
    }),
    read: internalQuery({
      args: { text: v.string() },
      returns: v.string(),
      handler: async (_ctx, { text }) => text,
    }),
  };
  const settings = { surface: { tools }, functions: internal };
  const catalog = { tools, modules: { probe, jobTools } };
  const endpoint = httpAction(
    compose(...gate)(
      mcp({
        ...{ name: "probe", version: "1", tools, jobTool: "jobs_get" },
        ...{ functions: internal, peppers: () => process.env.TOOLGATE_PEPPERS },
        ...(streamSeconds === undefined ? {} : { streamSeconds }),
      }),
    ),
  );
  const http = httpRouter();
  for (const method of ["POST", "GET"] as const) {
    http.route({ path: "/mcp", method, handler: endpoint });
  }
  return {
    probe,
    http: { default: http },
    gate: {
      admit: internalMutation(admission(gate, settings)),
    },
    reading: { read: internalQuery(reading({ tools }, internal)) },
    jobs: { ...jobs, ...overrides },
    jobTools,
    worker: { ...workerWith(tools), ...worker },
    catalog: {
      list: internalQuery(listing(catalog)),
      explain: internalQuery(explaining(catalog)),
    },
  };
};

/** For tests of the job's row alone: its worker never starts. */
export const noWorker = {
  run: internalAction({
    args: { jobId: v.string() },
    returns: v.null(),
    handler: async () => null,
  }),
};

/** For `t.fetch` and for sockets: two tenants, `acme` and `globex`. */
export const newApp = async (play: Script, options: Options = {}): Promise<Backend> => {
  const modules = Object.entries(modulesWith(play, options)).map(
    ([name, module]) => [`../../convex/${name}.ts`, () => Promise.resolve(module)] as const,
  );
  const t = newBackend(Object.fromEntries(modules));
  for (const slug of ["acme", "globex"]) {
    await t.mutation(internal.erp.tenants.create, { slug, name: slug, currency: "EUR" });
  }
  return t;
};

/** Serves a backend on a free port. */
export const serve = async (t: Backend): Promise<{ url: URL; close: () => Promise<void> }> => {
  const door = await listen(
    { host: "127.0.0.1", port: 0 },
    ({ url, method, headers, body, signal }) =>
      t.fetch(new URL(url).pathname, {
        ...{ method, headers, body, signal },
        ...(body && { duplex: "half" }),
      }),
  );
  return { url: new URL("/mcp", door.url), close: door.close };
};

export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** What a script waits for until the test opens it. */
export const newGate = (): Gate => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

/** The only job there is. */
export const theJob = async (t: Backend): Promise<Doc<"mcpJobs">> => {
  const all = await rows(t, "mcpJobs");
  if (all.length !== 1) throw new Error(`${all.length} jobs`);
  return all[0]!;
};

export const jobOf = async (t: Backend, jobId: string): Promise<Doc<"mcpJobs">> => {
  const found = (await rows(t, "mcpJobs")).find((job) => job.jobId === jobId);
  if (found === undefined) throw new Error(`no job ${jobId}`);
  return found;
};
