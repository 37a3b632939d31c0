/** The columns of the jobs. */
import { Progress } from "@mantine/core";
import type { ReactElement } from "react";
import type { JobInfo } from "../../../src/operate/jobInfo";
import { useNow } from "../../parts/clock";
import type { Column } from "../../parts/DataTable";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { visibleLine } from "../../text/plain";
import { lengthText, percentOf, progressText } from "./jobs";
import classes from "./jobs.module.css";

/** The words stand beside the bar: it is for the eye alone. */
export const ProgressOf = ({ job }: { readonly job: JobInfo }): ReactElement | null => {
  const percent = percentOf(job);
  const text = progressText(job);
  if (text === undefined) return null;
  return (
    <span className={classes.progress}>
      {percent !== undefined && (
        <Progress.Root size={6} aria-hidden className={classes.bar}>
          <Progress.Section value={percent} withAria={false} />
        </Progress.Root>
      )}
      {text}
    </span>
  );
};

export const Length = ({ job }: { readonly job: JobInfo }): ReactElement => (
  <>{lengthText(job, useNow())}</>
);

const tool: Column<JobInfo> = {
  header: "Tool",
  cell: (job) => <span className="mono">{job.tool}</span>,
};

export const StateOf = ({ job: { state, isStopping } }: { readonly job: JobInfo }): ReactElement =>
  isStopping ? <Status of="cancelled" word="Stopping" /> : <Status of={state} />;

const state: Column<JobInfo> = {
  header: "State",
  isState: true,
  cell: (job) => <StateOf job={job} />,
};

const who: readonly Column<JobInfo>[] = [
  {
    header: "Key",
    cell: ({ keyName, keyId }) => (keyName === undefined ? keyId : visibleLine(keyName)),
  },
  { header: "Tenant", cell: ({ tenant }) => visibleLine(tenant) },
];

/** Running ones say how far they are; ended ones why they ended. */
export const columnsOf = (shown: "running" | "ended"): readonly Column<JobInfo>[] =>
  shown === "running"
    ? [
        ...[tool, state],
        { header: "Progress", isWide: true, cell: (job) => <ProgressOf job={job} /> },
        ...who,
        { header: "Runs for", isNumber: true, cell: (job) => <Length job={job} /> },
      ]
    : [
        ...[tool, state],
        {
          header: "Reason",
          isWide: true,
          cell: ({ failure }) => failure && visibleLine(failure.code),
        },
        ...who,
        { header: "Took", isNumber: true, cell: (job) => <Length job={job} /> },
        { header: "Ended", isNumber: true, cell: ({ updatedAt }) => <Time at={updatedAt} /> },
      ];
