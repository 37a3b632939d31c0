/** The door for an app whose own signed-in users approve calls, on a page of the app. */
export { decideApproval, getApproval, listApprovals } from "../approvals/own";
export type { Decided, Deciding } from "../approvals/decide";
export type { ApprovalDetail } from "../approvals/get";
export type { ApprovalInfo } from "../approvals/info";
