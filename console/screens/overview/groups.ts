/** Outcomes in the few groups that a chart can tell apart, and what they sum up to. */
import type { Overview } from "../../api/shapes";

export interface Group {
  readonly name: string;
  readonly outcomes: readonly string[];
  /** The token of its colour. */
  readonly colour: string;
}

/** From below to above. `unknown` is how a job ends of which nobody knows more. */
export const GROUPS: readonly Group[] = [
  {
    name: "Went well",
    outcomes: ["succeeded", "answered", "started", "replayed"],
    colour: "--chart-good",
  },
  { name: "Asked or held", outcomes: ["asked", "held"], colour: "--chart-waiting" },
  { name: "Cancelled", outcomes: ["cancelled"], colour: "--chart-dim" },
  { name: "Denied", outcomes: ["denied"], colour: "--chart-denied" },
  { name: "Failed", outcomes: ["failed", "unknown"], colour: "--chart-bad" },
];

type Point = Overview["points"][number];

/** How many calls of one point are in a group. */
export const countOf = ({ calls }: Point, { outcomes }: Group): number =>
  outcomes.reduce((sum, outcome) => sum + (calls[outcome] ?? 0), 0);

/** Group → calls in all points, in the order of `GROUPS`. */
export const totals = ({ points }: Overview): readonly number[] =>
  GROUPS.map((group) => points.reduce((sum, point) => sum + countOf(point, group), 0));

/** All calls of the span. */
export const allCalls = (overview: Overview): number =>
  totals(overview).reduce((sum, count) => sum + count, 0);

/** `12 %`, `0.4 %`, `0 %`. */
export const percentText = (part: number, whole: number): string => {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (part / whole) * 100;
  return percent < 10 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
};

/** Calls a minute: `12`, `0.4`. */
export const rateText = (calls: number, ms: number): string => {
  const rate = (calls / ms) * 60_000;
  if (rate === 0) return "0";
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString();
};
