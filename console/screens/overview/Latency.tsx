/** How long things take, and what these times are of: not all that somebody would take them for. */
import type { ReactElement } from "react";
import type { Overview } from "../../api/shapes";
import { Section } from "../../parts/Page";
import { durationText } from "../../parts/spans";
import classes from "./Latency.module.css";

interface Times {
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
}

const text = (ms: number | undefined): string => (ms === undefined ? "–" : durationText(ms));

const Row = ({ name, times }: { readonly name: string; readonly times: Times }): ReactElement => (
  <tr>
    <th scope="row">{name}</th>
    <td>{text(times.p50)}</td>
    <td>{text(times.p95)}</td>
  </tr>
);

export const Latency = ({ overview }: { readonly overview: Overview }): ReactElement => (
  <Section title="How long it takes">
    <div className={classes.box}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Half within (p50)</th>
            <th scope="col">95 of 100 within (p95)</th>
          </tr>
        </thead>
        <tbody>
          <Row name="Wait before admission" times={overview.waits} />
          <Row name="Length of jobs" times={overview.jobs} />
        </tbody>
      </table>
      <p className={classes.hint}>
        The times of a tool below are its own: of one that changes data, its part of the
        transaction, without the way to it and the commit; of a long one, the length of its jobs. A
        tool that only reads has none: its time is in the log line of the call. All are counted in a
        few steps, so they are near, not exact.
      </p>
    </div>
  </Section>
);
