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

/** With one digit behind the point below 10. What is more than nothing never reads as nothing. */
const short = (value: number): string => {
  if (value === 0) return "0";
  if (value < 0.05) return "< 0.1";
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString();
};

/** `12 %`, `0.4 %`, `0 %`. Less than all is never `100 %`. */
export const percentText = (part: number, whole: number): string => {
  if (whole === 0) return "0 %";
  const percent = (part / whole) * 100;
  return `${short(part < whole ? Math.min(99, percent) : percent)} %`;
};

const MINUTE = 60_000;

/**
 * For how long the calls of some steps are counted, in ms: the newest step is not over, and not counted to its end. A part of a minute
 * counts as one, since little says nothing of a rate.
 *
 * @param at - when the first of them begins.
 */
export const countedMs = (
  { foldedTo, stepMs }: Pick<Overview, "foldedTo" | "stepMs">,
  at: string,
  steps = 1,
): number => {
  const counted = Math.min(steps * stepMs, Date.parse(foldedTo) - Date.parse(at));
  return counted <= 0 ? 0 : Math.max(MINUTE, counted);
};

/** Calls a minute: `12`, `0.4`; a dash for a time of which nothing is counted. */
export const rateText = (calls: number, ms: number): string =>
  ms === 0 ? "–" : short((calls / ms) * MINUTE);

/** A number that the deployment counts up to 100. */
export const cappedText = (count: number): string => (count >= 100 ? "100+" : String(count));
