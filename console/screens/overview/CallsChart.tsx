/** Calls a minute by outcome: a chart, its legend with the numbers of the point under the pointer, and the same as a table. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState, type ReactElement } from "react";
import uPlot from "uplot";
import type { Overview } from "../../api/shapes";
import { Section } from "../../parts/Page";
import classes from "./CallsChart.module.css";
import { chartData, chartOptions, momentText } from "./chartOptions";
import { allCalls, countedMs, countOf, GROUPS, percentText, rateText, totals } from "./groups";

const Canvas = ({
  overview,
  point,
}: {
  readonly overview: Overview;
  readonly point: (at: number | undefined) => void;
}): ReactElement => {
  const place = useRef<HTMLDivElement>(null);
  // The colours are read from the page, which has others in the dark.
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const options = chartOptions(overview, element.clientWidth, point);
    const chart = new uPlot(options, chartData(overview), element);
    const watch = new ResizeObserver(() => {
      if (element.clientWidth !== chart.width)
        chart.setSize({ width: element.clientWidth, height: chart.height });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [overview, scheme, point]);
  const calls = allCalls(overview);
  const [, , , denied = 0, failed = 0] = totals(overview);
  const summary = `Calls a minute by outcome: ${calls} calls, ${percentText(failed, calls)} failed, ${percentText(denied, calls)} denied. The table below has the numbers.`;
  return <div ref={place} className={classes.canvas} role="img" aria-label={summary} />;
};

const Legend = ({
  overview,
  at,
}: {
  readonly overview: Overview;
  readonly at: number | undefined;
}): ReactElement => {
  const point = at === undefined ? undefined : overview.points[at];
  const counts = point ? GROUPS.map((group) => countOf(point, group)) : totals(overview);
  return (
    <div className={classes.legend}>
      {GROUPS.map(({ name, colour }, index) => (
        <span key={name} className={classes.group}>
          <span className={classes.swatch} style={{ background: `var(${colour})` }} />
          {name} <b>{(counts[index] ?? 0).toLocaleString()}</b>
        </span>
      ))}
      <span className={classes.when}>
        {point ? momentText(Date.parse(point.at) / 1_000, overview) : "in all"}
      </span>
    </div>
  );
};

const Numbers = ({ overview }: { readonly overview: Overview }): ReactElement => (
  <details className={classes.numbers}>
    <summary>As a table</summary>
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Calls by time">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            {GROUPS.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">A minute</th>
          </tr>
        </thead>
        <tbody>
          {overview.points.toReversed().map((point) => {
            const counts = GROUPS.map((group) => countOf(point, group));
            const all = counts.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={point.at}>
                <th scope="row">{momentText(Date.parse(point.at) / 1_000, overview)}</th>
                {counts.map((count, at) => (
                  <td key={GROUPS[at]?.name}>{count.toLocaleString()}</td>
                ))}
                <td>{rateText(all, countedMs(overview, point.at))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  </details>
);

export const CallsChart = ({ overview }: { readonly overview: Overview }): ReactElement => {
  const [at, setAt] = useState<number>();
  return (
    <Section title="Calls a minute">
      <div className={classes.box}>
        <Canvas overview={overview} point={setAt} />
        <Legend overview={overview} at={at} />
      </div>
      <Numbers overview={overview} />
    </Section>
  );
};
