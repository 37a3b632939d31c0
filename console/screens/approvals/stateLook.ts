/** How the state of a held call looks in a list. */
import type { ApprovalInfo } from "../../../src/approvals/info";
import type { JobState } from "../../../src/data/values";
import type { StatusName } from "../../parts/Status";

interface Look {
  readonly of: StatusName;
  readonly word?: string;
}

const AFTER_A_YES: Partial<Record<JobState, Look>> = {
  queued: { of: "working", word: "Approved, runs" },
  working: { of: "working", word: "Approved, runs" },
  input_required: { of: "input_required", word: "Approved, asks the user" },
  succeeded: { of: "approved" },
  failed: { of: "failed", word: "Approved, failed" },
  unknown: { of: "unknown", word: "Approved, outcome unknown" },
  cancelled: { of: "cancelled", word: "Approved, then cancelled" },
};

export const stateLook = ({ state, decision }: Pick<ApprovalInfo, "state" | "decision">): Look => {
  if (decision?.verdict === "approved") return AFTER_A_YES[state] ?? { of: state };
  return state === "cancelled" ? { of: state, word: "Withdrawn" } : { of: state };
};
