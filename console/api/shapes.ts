/** What the functions of the deployment take and give, where no type of the library says it yet. Times are ISO 8601, spans are in ms. */

export type { AppInfo } from "../../src/operate/describeApp";
export type { RoleMatrix } from "../../src/operate/roleMatrix";
export type { Overview } from "../../src/operate/stats/overview";
export type { Ends as WhatEnds } from "../../src/operate/whatEnds";

export type Outcome =
  | "denied"
  | "answered"
  | "asked"
  | "held"
  | "started"
  | "succeeded"
  | "replayed"
  | "failed"
  | "cancelled"
  | "unknown";

export type JobState =
  | "awaiting_approval"
  | "queued"
  | "working"
  | "input_required"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "denied"
  | "expired"
  | "unknown";

export type Span = "hour" | "day" | "week";

export interface Summary {
  readonly title: string;
  readonly amount?: string;
  readonly lines: readonly { label: string; value: string }[];
}

export interface Decision {
  readonly verdict: "approved" | "denied";
  readonly by: string;
  readonly how: "app" | "operator";
  readonly note?: string;
  readonly at: string;
}

export interface ApprovalInfo {
  readonly jobId: string;
  readonly tool: string;
  readonly title: string;
  readonly state: JobState;
  readonly tenant?: string;
  readonly subject: string;
  readonly role: string;
  readonly keyId: string;
  readonly keyName?: string;
  readonly grantId?: string;
  readonly client?: string;
  readonly operation: string;
  readonly reason: string;
  readonly summary?: Summary;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly decision?: Decision;
  readonly failure?: { code: string; message: string };
}

export interface Approval extends ApprovalInfo {
  /** JSON text, as it will run. */
  readonly arguments: string;
  /** Goes back with a yes, which counts only for what was seen. */
  readonly seen: string;
  readonly canRun: boolean;
  readonly problem?: { code: string; message: string };
}

export interface Fault {
  readonly kind: string;
  readonly place: string;
}
