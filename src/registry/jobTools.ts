/** The two tools that come with the library, for clients that do not know tasks. */
import type { FunctionReference } from "convex/server";
import type { Principal } from "../data/principal";
import { tool, type Tool } from "./tools";

/** The name of the tool that shows a job: told to a model whose call outlasts its request. */
export const JOB_TOOL = "jobs_get";

type OfJob<Kind extends "query" | "mutation"> = FunctionReference<
  Kind,
  "internal",
  { jobId: string; principal: Principal }
>;

const jobId = "The id of the job, as the tool that started it returned it.";

/** Lines for the registry. Bind them to the functions of the glue: `internal.toolgate.jobs.get` and `stop`. */
export const jobTool = {
  /** A query: what became of a long call. Its name must be `jobs_get`. */
  get: <const P extends string>(ref: OfJob<"query">, permission: P): Tool<P> =>
    tool.query(ref, {
      permission,
      principal: true,
      arguments: { jobId },
      description:
        "A long call of yours that was answered with a job: its state, its progress and, at the end, its result. State unknown means that the server lost it half-way: read the data to see what it did.",
    }),
  /** A mutation: asks a long call to stop. */
  cancel: <const P extends string>(ref: OfJob<"mutation">, permission: P): Tool<P> =>
    tool.mutation(ref, {
      permission,
      principal: true,
      arguments: { jobId },
      destructive: true,
      idempotent: true,
      description:
        "Ask a long call of yours to stop at its next step. What it did before that may remain; one that has ended stays as it is.",
    }),
};
