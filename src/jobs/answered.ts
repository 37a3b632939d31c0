/**
 * A query that was approved runs when its answer is read, by the rights that its caller has then. That may be several times: a query leaves
 * nothing behind that could tell. So it can be read for an hour.
 */
import { defined } from "../base/defined";
import { inputArgument } from "../data/arguments";
import type { Doc, GateQuery, GateReader } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";
import type { Args } from "../run/arguments";
import { attempt } from "../run/attempt";
import { asAsked, explainWith } from "../run/explain";
import { findQuery } from "../run/queries";
import { callerNow, NO_LONGER } from "./callerNow";
import { ASKS_AGAIN, READ_TOO_LATE, READABLE_MS } from "./ends";
import type { JobEnd } from "./job";
import { definitionNow, TOOL_CHANGED } from "./toolNow";

type Job = Doc<"toolgateJobs">;

/** A query, as far as it runs the app's own. */
type Reads = Pick<GateQuery, "runQuery"> & { readonly db: GateReader };

const run = async (tx: Reads, app: Toolgate, job: Job, tool: Tool): Promise<Ended | Asked> => {
  const caller = await callerNow(tx, app, job, tool);
  if ("code" in caller) return { state: "failed", ...NO_LONGER };
  const { arguments: text = "{}", fixed = [] } = job;
  const target = { kind: "tool", name: job.tool } as const;
  const filled = { principal: caller.principal, input: job.input && inputArgument(job.input) };
  return attempt(
    async (args = JSON.parse(text) as Args) => {
      const query = findQuery(app, { target, args, constraints: caller.constraints }, filled);
      if (query === undefined) throw new Error(`${job.tool} is no query any more`);
      return tx.runQuery(query.ref, query.args).catch(query.explain);
    },
    () => explainWith(tx, app.dir, job.tool, text, fixed).then(asAsked(tool)),
    { errors: app.errors, fixed },
  );
};

/** How the query ends now. The yes was for the tool as it was, and not for long. */
const answerTo = async (
  tx: Reads,
  app: Toolgate,
  job: Job,
  { decision, definition }: NonNullable<Job["approval"]>,
): Promise<JobEnd> => {
  if ((decision?.at ?? 0) + READABLE_MS <= Date.now()) return READ_TOO_LATE;
  const tool = find(app.tools, job.tool);
  if (tool === undefined || (await definitionNow(tx, app, job)) !== definition)
    return { state: "failed", failure: TOOL_CHANGED };
  const outcome = await run(tx, app, job, tool);
  if (outcome.state === "asked") return { state: "failed", failure: ASKS_AGAIN };
  if (outcome.state !== "failed")
    return { state: "succeeded", ...defined({ result: outcome.result ?? undefined }) };
  const { code, message } = outcome;
  return { state: "failed", failure: { code, message } };
};

/**
 * Returns the job with its answer, if it is a query that was approved; any other as it is. Of all that have succeeded, only that has its
 * arguments.
 */
export const answered = async (tx: Reads, app: Toolgate, job: Job): Promise<Job> => {
  const { state, approval, arguments: text, result } = job;
  const isQuery = state === "succeeded" && text !== undefined && result === undefined;
  if (approval === undefined || !isQuery) return job;
  const end = await answerTo(tx, app, job, approval);
  return { ...job, ...defined(end) };
};
