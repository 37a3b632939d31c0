/** The sentences of a call that waits for a person. */
import type { ApprovalInfo } from "../../../src/approvals/info";
import { keyText } from "../../parts/keyText";
import { clockText, spanText } from "../../parts/spans";
import { visibleLine } from "../../text/plain";

type Decision = NonNullable<ApprovalInfo["decision"]>;

interface Coded {
  readonly code: string;
  readonly message: string;
}

const HOUR = 3_600_000;

export const isWaiting = ({ state }: Pick<ApprovalInfo, "state">): boolean =>
  state === "awaiting_approval";

export const expiryLine = ({ expiresAt }: Pick<ApprovalInfo, "expiresAt">, now: number): string => {
  const left = Date.parse(expiresAt) - now;
  return left > 0 ? `expires in ${spanText(left)}` : "expired";
};

/** Whether it is the last hour. */
export const isUrgent = ({ expiresAt }: Pick<ApprovalInfo, "expiresAt">, now: number): boolean =>
  Date.parse(expiresAt) - now < HOUR;

type Asker = Pick<ApprovalInfo, "keyName" | "keyId" | "subject">;

export const askerOf = ({ keyName, subject }: Asker): string => visibleLine(keyName ?? subject);

/** The key by name, if it has one. */
export const keyOf = ({ keyName, keyId }: Asker): string => keyText(keyId, keyName);

/** `by you, 14:09`. A name counts as yours if you have given it here. */
export const deciderLine = (
  { by, how, at }: Decision,
  me: string | undefined,
  now: number,
): string => {
  const who = how === "operator" && by === me ? "you" : visibleLine(by);
  return `by ${who}, ${clockText(Date.parse(at), now)}`;
};

const decisionLine = (decision: Decision, me: string | undefined, now: number): string =>
  `${decision.verdict === "approved" ? "Approved" : "Denied"} ${deciderLine(decision, me, now)}`;

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const failureLine = ({ code, message }: Coded): string =>
  sentence(message === "" ? code : `${code}. ${visibleLine(message)}`);

/** The codes of a yes that came too late for the tool to run at all. */
const TOO_LATE: readonly string[] = ["no_longer_allowed", "tool_changed"];

const afterDecision = ({ state, failure }: Pick<ApprovalInfo, "state" | "failure">): string => {
  if (state === "denied") return ". Nothing was done.";
  if (state === "succeeded") return ".";
  if (state === "cancelled") return ", then cancelled.";
  if (state === "unknown")
    return ". Whether it was done is not known: look before you ask for it again.";
  if (state !== "failed") return ". It runs now.";
  if (failure === undefined) return ", but failed.";
  return TOO_LATE.includes(failure.code)
    ? `, but it could no longer run. ${sentence(visibleLine(failure.message))}`
    : `, but failed: ${failureLine(failure)}`;
};

/** What became of it, in a sentence or two. */
export const outcomeLine = (
  approval: Pick<ApprovalInfo, "state" | "decision" | "failure" | "expiresAt">,
  me: string | undefined,
  now: number,
): string => {
  const { state, decision, failure, expiresAt } = approval;
  if (isWaiting(approval)) return "Nothing has been done yet.";
  if (decision !== undefined) return decisionLine(decision, me, now) + afterDecision(approval);
  if (state === "expired")
    return `Nobody decided until ${clockText(Date.parse(expiresAt), now)}. Nothing was done.`;
  if (state === "cancelled")
    return "The call was withdrawn before anyone decided. Nothing was done.";
  return failure === undefined
    ? "It ended without a decision."
    : `It ended without a decision: ${failureLine(failure)}`;
};

/** What a refused decision means to the person who made it. */
export const refusalLine = ({ code, message }: Coded): string => {
  if (code === "own_call") return "You asked for this; somebody else must decide.";
  if (code === "changed") return "Changed since you opened it. Look again.";
  if (code === "decided") return "Somebody has decided meanwhile.";
  if (code === "expired") return "The time to decide is over. Nothing was done.";
  return sentence(visibleLine(message));
};

export const NOT_RECORDED = "Not recorded, nothing happened; try again.";
