/** A query that was approved runs when its answer is read, by the rights that its caller has then. */
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
import { ASKS_AGAIN } from "./ends";

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

/** Returns the job with its answer, if it is a query that was approved; any other as it is. */
export const answered = async (tx: Reads, app: Toolgate, job: Job): Promise<Job> => {
  const tool = find(app.tools, job.tool);
  const isWaiting = job.state === "succeeded" && job.approval?.decision?.verdict === "approved";
  if (!isWaiting || job.arguments === undefined || tool?.kind !== "query") return job;
  const outcome = await run(tx, app, job, tool);
  if (outcome.state === "asked") return { ...job, state: "failed", failure: ASKS_AGAIN };
  if (outcome.state === "failed") {
    const { code, message } = outcome;
    return { ...job, state: "failed", failure: { code, message } };
  }
  return outcome.result === null ? job : { ...job, result: outcome.result };
};
