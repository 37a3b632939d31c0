/** One job, opened: all that is known of it, where to read on, and what ends it. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { JobInfo } from "../../../src/operate/jobInfo";
import { useAct } from "../../api/useRun";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Facts } from "../../parts/Facts";
import { useNotice } from "../../parts/Notices";
import { Time } from "../../parts/Time";
import { visible, visibleLine } from "../../text/plain";
import { Length, ProgressOf, StateOf } from "./columns";
import { cancelText, isOver } from "./jobs";

const Known = ({ job }: { readonly job: JobInfo }): ReactElement => (
  <Facts
    facts={[
      ["State", <StateOf key="state" job={job} />],
      ["Progress", job.progress && <ProgressOf key="progress" job={job} />],
      ["Tool", <code key="tool">{job.tool}</code>],
      [
        "Reason",
        job.failure && `${visibleLine(job.failure.code)}: ${visible(job.failure.message)}`,
      ],
      ["Tenant", visibleLine(job.tenant)],
      ["Subject", visibleLine(job.subject)],
      [
        "Key",
        <a key="key" className="mono" href={`#/audit?keyId=${encodeURIComponent(job.keyId)}`}>
          {job.keyId}
        </a>,
      ],
      ["Key name", job.keyName && visibleLine(job.keyName)],
      ["Role", visibleLine(job.role)],
      ["Connection", job.grantId],
      ["Asked", <Time key="asked" at={job.createdAt} as="seconds" />],
      [
        isOver(job) ? "Ended" : "Last heard of",
        <Time key="heard" at={job.updatedAt} as="seconds" />,
      ],
      [isOver(job) ? "Took" : "Runs for", <Length key="length" job={job} />],
      ["Job", <code key="job">{job.jobId}</code>],
      [
        "Operation",
        <a
          key="operation"
          className="mono"
          href={`#/audit?operation=${encodeURIComponent(job.operation)}`}
        >
          {job.operation}
        </a>,
      ],
    ]}
  />
);

const Cancel = ({ job, close }: { job: JobInfo; close: () => void }): ReactElement => {
  const { mutateAsync } = useAct("admin:cancelJobById");
  const notice = useNotice();
  const act = async (reason: string | undefined): Promise<void> => {
    await mutateAsync({ jobId: job.jobId, ...(reason !== undefined && { reason }) });
    notice("The job was told to stop.");
    close();
  };
  return (
    <ConfirmDialog
      title={`Cancel “${visibleLine(job.title)}”?`}
      verb="Cancel job"
      dismiss="Keep it"
      close={close}
      act={act}
      asksReason
    >
      <p>{cancelText(job)}</p>
    </ConfirmDialog>
  );
};

/** @param found - absent if the job is not on this page of the list: it has ended, or begun. */
export const JobDialog = ({
  jobId,
  found,
  close,
}: {
  readonly jobId: string;
  readonly found: JobInfo | undefined;
  readonly close: () => void;
}): ReactElement => {
  const [isCancelling, setIsCancelling] = useState(false);
  // A job that ends while it is open goes to the other list: what was last known of it stays here.
  const [last, setLast] = useState(found);
  if (found !== undefined && found !== last) setLast(found);
  const job = found ?? last;
  const stop = () => {
    setIsCancelling(false);
  };
  if (isCancelling && job !== undefined) return <Cancel job={job} close={stop} />;
  return (
    <Dialog title={job === undefined ? "Job" : visibleLine(job.title)} close={close} size={600}>
      {job === undefined ? (
        <p>
          Job <code>{jobId}</code> is not in this list. It may have ended, or begun.
        </p>
      ) : (
        <Known job={job} />
      )}
      {found === undefined && job !== undefined && <p>It is no longer in this list.</p>}
      <DialogFoot>
        {job?.isHeld === true && (
          <Button
            variant="default"
            component="a"
            href={`#/approvals?show=decided&open=${encodeURIComponent(jobId)}`}
          >
            Its approval
          </Button>
        )}
        {found !== undefined && !isOver(found) && (
          <Button
            color="red"
            variant="outline"
            onClick={() => {
              setIsCancelling(true);
            }}
          >
            Cancel job…
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
};
