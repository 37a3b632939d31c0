/** How the chart of the calls is drawn: stacked bars, in the colours of the page. */
import uPlot from "uplot";
import { countedMs, GROUPS, countOf } from "./groups";
import type { Overview } from "../../api/shapes";

const HEIGHT = 200;

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const isDayOrMore = (overview: Pick<Overview, "stepMs" | "points">): boolean =>
  overview.stepMs * overview.points.length > 24 * 3_600_000;

/** `14:05`; with the day in a week. Always by 24 hours. */
export const momentText = (seconds: number, overview: Overview): string => {
  const date = new Date(seconds * 1_000);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (!isDayOrMore(overview)) return time;
  return `${date.toLocaleDateString("en-GB", { weekday: "short", day: "numeric" })} ${time}`;
};

/** For each group, up to where its part of each bar goes: it begins where the group below ends. */
const tops = (overview: Overview): number[][] => {
  const { points } = overview;
  const perMinute = ({ at }: Overview["points"][number]) => {
    const ms = countedMs(overview, at);
    return ms === 0 ? 0 : 60_000 / ms;
  };
  const sumTo = (point: Overview["points"][number], last: number) =>
    GROUPS.slice(0, last + 1).reduce((sum, group) => sum + countOf(point, group), 0);
  return GROUPS.map((_, at) => points.map((point) => sumTo(point, at) * perMinute(point)));
};

/** Times in seconds, then the tops of each group. */
export const chartData = (overview: Overview): uPlot.AlignedData => [
  overview.points.map(({ at }) => Date.parse(at) / 1_000),
  ...tops(overview),
];

/** uPlot's word for a value of the scale. Its own name for it is for the compiler alone. */
const SCALE_VALUE = 1 as never;

/** Bars of one group: from the tops of the group below to its own. */
const bars = (
  bottoms: readonly number[],
  own: readonly number[],
): uPlot.Series.PathBuilder | undefined =>
  uPlot.paths.bars?.({
    ...{ size: [0.8, 24], align: 1 },
    disp: {
      y0: { unit: SCALE_VALUE, values: () => [...bottoms] },
      y1: { unit: SCALE_VALUE, values: () => [...own] },
    },
  });

const axis = (): Pick<uPlot.Axis, "stroke" | "grid" | "ticks" | "font"> => ({
  stroke: token("--dim"),
  font: "12px system-ui, sans-serif",
  grid: { stroke: token("--line"), width: 1 },
  ticks: { show: false },
});

/** The times, and one series for each group. */
const seriesOf = (overview: Overview): uPlot.Series[] => {
  const all = tops(overview);
  const none = overview.points.map(() => 0);
  return [
    {},
    ...GROUPS.map(({ name, colour }, at): uPlot.Series => {
      const paths = bars(all[at - 1] ?? none, all[at] ?? none);
      const fill = token(colour);
      return { label: name, fill, width: 0, points: { show: false }, ...(paths && { paths }) };
    }),
  ];
};

/**
 * @param width - in pixels.
 * @param point - told the index of the point under the pointer; undefined if there is none.
 */
export const chartOptions = (
  overview: Overview,
  width: number,
  point: (at: number | undefined) => void,
): uPlot.Options => ({
  ...{ width, height: HEIGHT, padding: [8, 20, 0, 0] },
  legend: { show: false },
  cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
  scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
  axes: [
    {
      ...axis(),
      ...{ grid: { show: false }, size: 28 },
      space: isDayOrMore(overview) ? 110 : 60,
      values: (_, splits) => splits.map((seconds) => momentText(seconds, overview)),
    },
    { ...axis(), size: 40 },
  ],
  series: seriesOf(overview),
  hooks: {
    setCursor: [
      ({ cursor: { idx } }) => {
        point(idx ?? undefined);
      },
    ],
  },
});
