/** The numbers that say at a glance how it goes. */
import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import type { Overview } from "../../api/shapes";
import { allCalls, cappedText, countedMs, percentText, rateText, totals } from "./groups";
import classes from "./Tiles.module.css";

interface Figure {
  readonly name: string;
  readonly value: ReactNode;
  readonly more?: string;
  /** Where more of it is. */
  readonly to?: string;
  readonly tone?: "bad" | "waiting";
}

const Tile = ({ name, value, more, to, tone }: Figure): ReactElement => {
  const body = (
    <>
      <span className={classes.name}>{name}</span>
      <span className={classes.value} data-tone={tone}>
        {value}
      </span>
      <span className={classes.more}>{more}</span>
    </>
  );
  return to === undefined ? (
    <div className={classes.tile}>{body}</div>
  ) : (
    <Link href={to} className={classes.tile}>
      {body}
    </Link>
  );
};

const callFigures = (overview: Overview): Figure[] => {
  const calls = allCalls(overview);
  const [, , , denied = 0, failed = 0] = totals(overview);
  return [
    {
      name: "Calls",
      value: calls.toLocaleString(),
      more: `${rateText(calls, countedMs(overview, overview.from, overview.points.length))} a minute`,
      to: "/audit",
    },
    {
      name: "Failed",
      value: percentText(failed, calls),
      more: failed.toLocaleString(),
      to: "/audit?outcome=failed",
      ...(failed > calls * 0.05 && { tone: "bad" as const }),
    },
    {
      name: "Denied",
      value: percentText(denied, calls),
      more: denied.toLocaleString(),
      to: "/audit?outcome=denied",
    },
  ];
};

const nowFigures = ({ approvals, jobs, streams, keysEnding }: Overview): Figure[] => [
  {
    name: "Approvals",
    value: cappedText(approvals.waiting),
    more: "waiting now",
    to: "/approvals",
    ...(approvals.waiting > 0 && { tone: "waiting" as const }),
  },
  { name: "Jobs running", value: cappedText(jobs.running), more: "now", to: "/jobs" },
  {
    name: "Open streams",
    value: cappedText(streams.open),
    more: `of ${streams.budget}`,
    ...(streams.open >= streams.budget * 0.9 && { tone: "waiting" as const }),
  },
  {
    name: "Keys ending",
    value: cappedText(keysEnding.length),
    more: "within 14 days",
    to: "/keys",
  },
];

export const Tiles = ({ overview }: { readonly overview: Overview }): ReactElement => (
  <div className={classes.tiles}>
    {[...callFigures(overview), ...nowFigures(overview)].map((figure) => (
      <Tile key={figure.name} {...figure} />
    ))}
  </div>
);
