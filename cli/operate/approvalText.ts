/** Shows held calls to people. What an agent or its client has sent is quoted: it is a claim, not the program's word. */
import type { ApprovalDetail } from "../../src/approvals/get";
import type { ApprovalInfo } from "../../src/approvals/info";
import { ONLY_TENANT } from "../../src/data/principal";
import { fields, printable, tenantTable } from "./print";

const who = ({ subject, keyName }: ApprovalInfo): string =>
  keyName === undefined ? subject : `${subject} (${keyName})`;

const title = ({ summary, title: ofTool }: ApprovalInfo): string => summary?.title ?? ofTool;

const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

const decided = ({ decision, state }: ApprovalInfo): string =>
  decision === undefined ? state : `${decision.verdict} by ${decision.by}`;

/** Shows held calls as a table, one per line. */
export const approvalTable = (approvals: readonly ApprovalInfo[]): string =>
  tenantTable(
    ["jobId", "tenant", "tool", "amount", "what", "asked by", "expires", "state"],
    approvals.map((one) => [
      ...[one.jobId, one.tenant, one.tool, one.summary?.amount ?? "", title(one), who(one)],
      ...[minute(one.expiresAt), decided(one)],
    ]),
  );

const decisionText = ({ decision }: ApprovalInfo): string | undefined =>
  decision &&
  `${decision.verdict} by ${decision.by}${decision.how === "app" ? "" : " (as they say)"} at ${minute(decision.at)}`;

const outcome = ({ failure, state }: ApprovalInfo): string =>
  failure === undefined ? state : `${state}, ${failure.code}: ${failure.message}`;

/** Shows all that a person needs to decide on a call. */
export const approvalCard = (call: ApprovalDetail): string => {
  const { summary, jobId, tool, tenant, reason, role, keyId, operation, problem } = call;
  return [
    ...[
      `${title(call)}${summary?.amount === undefined ? "" : `: ${summary.amount}`}`,
      ...(summary?.lines ?? []).map(({ label, value }) => `  ${label}: ${value}`),
    ].map(printable),
    "",
    fields({
      "why it asks": reason,
      "asked by": `${who(call)}, role ${role}, key ${keyId}`,
      client: call.client === undefined ? undefined : JSON.stringify(call.client),
      tenant: tenant === ONLY_TENANT ? undefined : tenant,
      asked: minute(call.askedAt),
      expires: minute(call.expiresAt),
      ...{
        tool,
        arguments: call.arguments,
        "client's answers": call.answers,
        jobId,
        operation,
        state: outcome(call),
      },
      decision: decisionText(call),
      note: call.decision?.note,
      "cannot run": problem && `${problem.code}: ${problem.message}`,
      seen: call.seen,
    }),
  ].join("\n");
};
