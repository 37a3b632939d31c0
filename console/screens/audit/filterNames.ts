/** The filters of the audit log, by their names in the address. */
import type { AuditFilter } from "../../api/functions";
import type { Filters } from "../../route/filters";
import { timeArgs } from "./timeArgs";

export const FILTERS = [
  "tool",
  "outcome",
  "keyId",
  "tenant",
  "operation",
  "since",
  "until",
] as const;

export type AuditFilters = Filters<(typeof FILTERS)[number]>;

/** @param now - what a span counts back from, in ms since 1970. */
export const argsOf = ({ since, until, ...exact }: AuditFilters, now: number): AuditFilter => ({
  ...(exact as AuditFilter),
  ...timeArgs(
    { ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
    now,
  ),
});
