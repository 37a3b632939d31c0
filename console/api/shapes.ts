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

export type Span = "hour" | "day" | "week";
