/** Whether somebody must approve a call: by its line, or by a rule of the caller's key or role. */
import { isJobTool } from "../auth/approval";
import { isUnder } from "../auth/patterns";
import { onOneLine } from "../base/plainText";
import { isLongerThan } from "../base/text";
import { MAX_SUMMARY, type Approval, type Summary } from "../data/approval";
import { failed, type Asked, type Ended } from "../data/outcome";
import { logInternalError } from "../wire/responses";
import { askFirst, type App, type Invocation, type Reads } from "./execute";

/** Why a call must be approved, and the call as a person reads it. */
export interface Needed {
  readonly reason: string;
  readonly summary?: Summary | undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";

const isSummary = (value: unknown): value is Summary => {
  const { title, amount = "", lines } = (value ?? {}) as { [Name in keyof Summary]?: unknown };
  const isLine = (one: unknown) => {
    const { label, value: text } = (one ?? {}) as { label?: unknown; value?: unknown };
    return isText(label) && isText(text);
  };
  return isText(title) && isText(amount) && Array.isArray(lines) && lines.every(isLine);
};

/**
 * Reads what the app's query has returned.
 *
 * @throws Error for anything but an `Approval`. That is the app's mistake, and must not count as "not needed".
 */
const approvalIn = (text: string | null): Approval => {
  const { needed, reason, summary } = JSON.parse(text ?? "{}") as {
    [Name in keyof Approval]?: unknown;
  };
  if (typeof needed !== "boolean") throw new Error("needed: expected a boolean");
  if (reason !== undefined && !isText(reason)) throw new Error("reason: expected a text");
  if (summary === undefined) return { needed, ...(reason !== undefined && { reason }) };
  if (!isSummary(summary)) throw new Error("summary: expected title, amount and lines");
  if (isLongerThan(JSON.stringify(summary), MAX_SUMMARY))
    throw new Error(`summary: expected at most ${String(MAX_SUMMARY)} bytes as JSON`);
  return { needed, summary, ...(reason !== undefined && { reason }) };
};

/** The reasons where the app gives none. They stand in a sentence: "Waiting for a person to approve: …." */
const OF_LINE = "each call of this tool needs approval";
const OF_CALLER = "this agent needs approval for this tool";

/** The longest reason, in characters. */
const MAX_REASON = 300;

const reasonOr = (reason: string | undefined, otherwise: string): string => {
  const line = onOneLine(reason ?? "", MAX_REASON).replace(/[.\s]+$/, "");
  return line === "" ? otherwise : line;
};

/** What the query of a line says; the outcome of the call if it refuses the call, asks the client, or fails. */
export const said = async (
  tx: Reads,
  invocation: Invocation,
  app: App,
  ref: Exclude<Invocation["tool"]["approval"], true | undefined>,
): Promise<Approval | Ended | Asked> => {
  const outcome = await askFirst(tx, invocation, app, ref);
  if (outcome.state !== "succeeded") return outcome;
  try {
    return approvalIn(outcome.result);
  } catch (error) {
    return failed("internal", logInternalError(error));
  }
};

/** Whether a key or a role puts the call under approval. */
const isOfCaller = (invocation: Invocation, app: App): boolean => {
  const { approval, call } = invocation;
  if (approval === undefined || !isUnder(approval, call.target?.name ?? "")) return false;
  return !isJobTool(invocation.tool, app);
};

/** Whether the call may need an approval at all. It reads nothing. */
export const mayNeed = (invocation: Invocation, app: App): boolean =>
  invocation.tool.approval !== undefined || isOfCaller(invocation, app);

/**
 * Asks whether somebody must approve the call.
 *
 * @returns undefined if nobody must; the outcome of the call if the app's query refuses it, asks the client, or fails.
 */
export const neededFor = async (
  tx: Reads,
  invocation: Invocation,
  app: App,
): Promise<Needed | Ended | Asked | undefined> => {
  const { approval: rule } = invocation.tool;
  if (rule === true) return { reason: OF_LINE };
  if (rule === undefined) return { reason: OF_CALLER };
  const answer = await said(tx, invocation, app, rule);
  if ("state" in answer) return answer;
  const { needed, reason, summary } = answer;
  if (needed) return { reason: reasonOr(reason, OF_LINE), summary };
  return isOfCaller(invocation, app) ? { reason: OF_CALLER, summary } : undefined;
};
