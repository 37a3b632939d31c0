/** A held call as it stands now: how it would run, as a person reads it, and why it may not run. */
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { inputArgument } from "../data/arguments";
import type { Summary } from "../data/approval";
import type { Failure } from "../data/call";
import type { GateReader } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { stopped, STOPPED } from "../auth/stop";
import type { Invocation, Reads } from "../gate/execute";
import { mayNeed, said } from "../gate/needed";
import { callerNow, NO_LONGER } from "../jobs/callerNow";
import { ASKS_AGAIN, NOT_NEEDED } from "../jobs/ends";
import { definitionNow, TOOL_CHANGED } from "../jobs/toolNow";
import { findTool } from "../registry/registry";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";
import type { Args } from "../run/arguments";
import { summaryOf, type Held } from "./info";

/** A transaction that reads rows and runs the app's queries. */
export type Looks = Reads & { readonly db: GateReader };

/** Why a call may not run now. */
export interface Problem extends Failure {
  /** Why an approval ends the call, for its caller; undefined if the call waits on. */
  readonly ends?: Failure;
}

/** A held call now. */
export interface Now {
  /** How it would run; undefined if it may not. */
  readonly invocation: Invocation | undefined;
  /** What the app's query says now; what it said when the call was held if it says nothing now. */
  readonly summary: Summary | undefined;
  /** The caller's role as it is now. */
  readonly role: string;
  /** Stands for all of it that a person sees. */
  readonly seen: string;
  readonly problem: Problem | undefined;
}

const ending = (ends: Failure, message = ends.message): Problem => ({
  code: ends.code,
  message,
  ends,
});

/** The call of a held job as its function gets it. */
const callOf = ({ tool, arguments: text = "{}", input }: Held) => ({
  ...{ method: "tools/call", protocol: "operator", arguments: text },
  target: { kind: "tool", name: tool } as const,
  ...defined({ input: input && inputArgument(input) }),
});

/** How the call would run, for the caller as the rights are now. One that no rule holds any more does not: made again, it runs at once. */
const invocationOf = async (
  tx: Looks,
  app: Toolgate,
  job: Held,
  tool: Tool,
): Promise<Invocation | Problem> => {
  const caller = await callerNow(tx, app, job, tool);
  if ("code" in caller) return ending(NO_LONGER, caller.message);
  const args = JSON.parse(job.arguments ?? "{}") as Args;
  const { fixed = [], idempotency } = job;
  const invocation = { ...caller, call: callOf(job), tool, args, fixed, idempotency };
  return mayNeed(invocation, app) ? invocation : ending(NOT_NEEDED);
};

const what = (kind: Tool["kind"]): Problem | undefined => {
  const stop = stopped();
  return stop === undefined || (stop === "writes" && kind === "query")
    ? undefined
    : { code: "stopped", message: STOPPED[stop] };
};

/** What the app's query has against the call now. A fault of it ends nothing. */
const refusedBy = (answer: Ended | Asked): Problem => {
  if (answer.state !== "failed") return ending(ASKS_AGAIN);
  const { code, message } = answer;
  return code === "internal" ? { code, message } : ending({ code, message });
};

/** What the line's own query says of the call now. */
const answerOf = async (
  tx: Looks,
  app: Toolgate,
  invocation: Invocation,
): Promise<{ readonly summary?: Summary | undefined; readonly problem?: Problem }> => {
  const { approval: rule } = invocation.tool;
  if (rule === undefined || rule === true) return {};
  const answer = await said(tx, invocation, app, rule);
  return "state" in answer ? { problem: refusedBy(answer) } : { summary: answer.summary };
};

/** Looks at a held call. */
export const look = async (tx: Looks, app: Toolgate, job: Held): Promise<Now> => {
  const tool = findTool(app.tools, job.tool);
  const definition = await definitionNow(tx, app, job);
  const isSame = tool !== undefined && definition === job.approval.definition;
  const run = isSame ? await invocationOf(tx, app, job, tool) : ending(TOOL_CHANGED);
  const { summary = summaryOf(job), problem } =
    "code" in run ? { problem: run } : await answerOf(tx, app, run);
  const { role } = "code" in run ? job : run.principal;
  const seen = await digest([job.arguments, job.input?.answers, summary, definition, role]);
  const found = problem ?? (tool && what(tool.kind));
  return { invocation: "code" in run ? undefined : run, summary, role, seen, problem: found };
};
