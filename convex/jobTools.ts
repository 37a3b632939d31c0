/** Jobs as tools, for clients without the tasks extension. */
import * as z from "zod";
import { cancelOwnJob } from "../src/jobs/cancel";
import { viewJob } from "../src/jobs/read";
import { tenantMutation, tenantQuery } from "./erp/functions";
import { tools } from "./tools";

const jobId = z
  .string()
  .max(64)
  .describe("The id of the job, as the tool that started it returned it.");

const state = z.enum([
  "queued",
  "working",
  "input_required",
  "succeeded",
  "failed",
  "cancelled",
  "unknown",
]);

export const get = tenantQuery({
  args: { jobId },
  returns: z.object({
    jobId: z.string(),
    tool: z.string(),
    state: state.describe(
      "input_required: it waits for an answer to what it asked. unknown: the server lost the job half-way; read the data to see what it did.",
    ),
    progress: z
      .object({ done: z.number(), total: z.number().optional(), message: z.string().optional() })
      .optional(),
    result: z.any().optional().describe("What the tool returned, once the job has succeeded."),
    resultOmitted: z.boolean().optional().describe("The result was too long to keep."),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    createdAt: z.string(),
    updatedAt: z.string(),
  }),
  handler: (ctx, args) => viewJob(ctx, tools, args.jobId, ctx.principal),
});

export const cancel = tenantMutation({
  args: { jobId },
  returns: z.object({
    jobId: z.string(),
    state: state.describe("Still working: it stops at its next step."),
  }),
  handler: async (ctx, args) => ({
    jobId: args.jobId,
    state: await cancelOwnJob(ctx, tools, args.jobId, ctx.principal),
  }),
});
