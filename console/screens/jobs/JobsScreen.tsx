/** What runs in the background, and what has run. */
import { SegmentedControl } from "@mantine/core";
import { useMemo, type ReactElement } from "react";
import type { JobInfo } from "../../../src/operate/jobInfo";
import { usePages } from "../../api/usePages";
import { DataTable } from "../../parts/DataTable";
import { Empty, NoMore } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { useFilters } from "../../route/filters";
import { columnsOf } from "./columns";
import { JobDialog } from "./JobDialog";

type Shown = "running" | "ended";

/** How often to look, in ms: running jobs move. */
const EVERY = { running: 3_000, ended: 10_000 } as const;

const None = ({ shown }: { readonly shown: Shown }): ReactElement =>
  shown === "running" ? (
    <Empty title="No job runs">
      <p>A call of a tool that is an action runs as a job: it outlives its client.</p>
    </Empty>
  ) : (
    <Empty title="No job has ended yet">
      <p>A job stays here for two days after its end. The audit log keeps that it ran.</p>
    </Empty>
  );

const List = ({ shown }: { readonly shown: Shown }): ReactElement => {
  const [{ job: open }, change] = useFilters(["job"]);
  const pages = usePages("admin:listJobs", { state: shown, limit: 25 }, { every: EVERY[shown] });
  const columns = useMemo(() => columnsOf(shown), [shown]);
  const close = () => {
    change({ job: undefined });
  };
  const opened = (jobs: readonly JobInfo[]) => jobs.find(({ jobId }) => jobId === open);
  return (
    <Loaded query={pages.query}>
      {({ jobs }) => (
        <>
          {jobs.length === 0 ? (
            pages.page > 1 ? (
              <NoMore />
            ) : (
              <None shown={shown} />
            )
          ) : (
            <DataTable
              label={shown === "running" ? "Running jobs" : "Ended jobs"}
              columns={columns}
              rows={jobs}
              rowKey={({ jobId }) => jobId}
              isOpen={({ jobId }) => jobId === open}
              open={({ jobId }) => {
                change({ job: jobId });
              }}
            />
          )}
          <Pager pages={pages} />
          {open !== undefined && (
            <JobDialog key={open} jobId={open} found={opened(jobs)} close={close} />
          )}
        </>
      )}
    </Loaded>
  );
};

const JobsScreen = (): ReactElement => {
  const [{ show }, change] = useFilters(["show", "job"]);
  const shown: Shown = show === "ended" ? "ended" : "running";
  return (
    <Page
      title="Jobs"
      hint="A tool that is an action runs as a job, whether its client waits or not."
      actions={
        <SegmentedControl
          aria-label="Show"
          data={[
            { value: "running", label: "Running" },
            { value: "ended", label: "Ended" },
          ]}
          value={shown}
          onChange={(value) => {
            change({ show: value, job: undefined });
          }}
        />
      }
    >
      <List key={shown} shown={shown} />
    </Page>
  );
};

export default JobsScreen;
