/** The tools that were called, the worst first. */
import type { ReactElement } from "react";
import type { Overview } from "../../api/shapes";
import { DataTable, type Column } from "../../parts/DataTable";
import { Section } from "../../parts/Page";
import { durationText } from "../../parts/spans";
import { Time } from "../../parts/Time";
import { percentText } from "./groups";
import { ToolLink } from "./ToolLink";
import classes from "./ToolTable.module.css";

type Row = Overview["tools"][number];

const timeText = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : durationText(ms);

const COLUMNS: readonly Column<Row>[] = [
  {
    header: "Tool",
    cell: ({ tool }) => <ToolLink tool={tool} />,
    sort: ({ tool }) => tool,
    isWide: true,
  },
  {
    header: "Calls",
    cell: ({ calls }) => calls.toLocaleString(),
    sort: ({ calls }) => calls,
    isNumber: true,
  },
  {
    header: "Failed",
    cell: ({ failed, calls }) => (
      <span className={failed > 0 ? classes.bad : classes.none}>{percentText(failed, calls)}</span>
    ),
    sort: ({ failed, calls }) => failed / Math.max(1, calls),
    isNumber: true,
  },
  {
    header: "Denied",
    cell: ({ denied, calls }) => (
      <span className={denied > 0 ? undefined : classes.none}>{percentText(denied, calls)}</span>
    ),
    sort: ({ denied, calls }) => denied / Math.max(1, calls),
    isNumber: true,
  },
  { header: "p50", cell: ({ p50 }) => timeText(p50), sort: ({ p50 }) => p50, isNumber: true },
  { header: "p95", cell: ({ p95 }) => timeText(p95), sort: ({ p95 }) => p95, isNumber: true },
  {
    header: "Last call",
    cell: ({ lastAt }) => <Time at={lastAt} />,
    sort: ({ lastAt }) => lastAt,
    isNumber: true,
  },
];

export const ToolTable = ({ overview }: { readonly overview: Overview }): ReactElement => (
  <Section title="Tools">
    <DataTable
      label="Tools, the one that fails most often first"
      columns={COLUMNS}
      rows={overview.tools}
      rowKey={({ tool }) => tool}
    />
  </Section>
);
