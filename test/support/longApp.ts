/** The app with long tools that do what a test tells them to, in convex-test and, where a test asks for it, behind a socket. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { internalAction, internalQuery } from "../../convex/_generated/server";
import { listen } from "../../cli/serve/listen";
import { jobValidator, type JobArgument } from "../../src/data/arguments";
import { jobHandle, type Job } from "../../src/jobs/handle";
import { jobTool } from "../../src/registry/jobTools";
import { tool, type Tools } from "../../src/registry/tools";
import { newApp as newTestApp, type Parts } from "./app";
import { rows, type Backend } from "./gate";

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

const tools: Tools = {
  slow: () =>
    tool.action(run, {
      permission: "orders:read",
      ...acts,
      maxResultChars: 262_144,
      description: "Takes its time.",
    }),
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
  jobs_get: () => jobTool.get(internal.toolgate.jobs.get, "jobs:read"),
  jobs_cancel: () => jobTool.cancel(internal.toolgate.jobs.stop, "jobs:cancel"),
};

export interface Options extends Pick<Parts, "chain" | "streamSeconds"> {
  /** Functions in place of some of the jobs module's own. */
  readonly jobs?: object;
  /** The worker, in place of the real one. */
  readonly worker?: object;
}

const probeOf = (play: Script) => ({
  run: internalAction({
    args: { job: jobValidator(), label: v.optional(v.string()) },
    handler: async (ctx, { job, label = "" }) => play(jobHandle(ctx, job), label),
  }),
  read: internalQuery({
    args: { text: v.string() },
    returns: v.string(),
    handler: async (_ctx, { text }) => text,
  }),
});

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
  const { jobs = {}, worker = {}, ...parts } = options;
  const t = newTestApp({
    registry: { tools },
    functions: { probe: probeOf(play) },
    ...parts,
    overrides: { "toolgate/jobs": jobs, "toolgate/worker": worker },
  });
  for (const slug of ["acme", "globex", "initech"]) {
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
export const theJob = async (t: Backend): Promise<Doc<"toolgateJobs">> => {
  const all = await rows(t, "toolgateJobs");
  if (all.length !== 1) throw new Error(`${all.length} jobs`);
  return all[0]!;
};

export const jobOf = async (t: Backend, jobId: string): Promise<Doc<"toolgateJobs">> => {
  const found = (await rows(t, "toolgateJobs")).find((job) => job.jobId === jobId);
  if (found === undefined) throw new Error(`no job ${jobId}`);
  return found;
};
