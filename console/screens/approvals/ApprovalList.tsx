/** The calls that wait, or that are decided: a list of links, of which one is open. */
import type { ReactElement } from "react";
import type { ApprovalInfo } from "../../../src/approvals/info";
import { useNow } from "../../parts/clock";
import { Choice, Choices, Small } from "../../parts/Panes";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { visibleLine } from "../../text/plain";
import classes from "./approvals.module.css";
import { stateLook } from "./stateLook";
import { askerOf, deciderLine, expiryLine, isUrgent, isWaiting } from "./words";

const Waiting = ({ approval }: { readonly approval: ApprovalInfo }): ReactElement => {
  const now = useNow();
  return (
    <>
      <span>
        asked <Time at={approval.askedAt} />
      </span>
      <span className={isUrgent(approval, now) ? classes.urgent : undefined}>
        {expiryLine(approval, now)}
      </span>
    </>
  );
};

const Decided = ({
  approval,
  me,
}: {
  readonly approval: ApprovalInfo;
  readonly me: string | undefined;
}): ReactElement => {
  const now = useNow();
  const { decision } = approval;
  return (
    <>
      <Status {...stateLook(approval)} />
      {decision !== undefined && <span>{deciderLine(decision, me, now)}</span>}
    </>
  );
};

const Entry = ({
  approval,
  me,
}: {
  readonly approval: ApprovalInfo;
  readonly me: string | undefined;
}): ReactElement => {
  const { summary, title, tenant } = approval;
  return (
    <>
      <span className={classes.headline}>
        <span className={classes.what}>{visibleLine(summary?.title ?? title)}</span>
        {summary?.amount !== undefined && (
          <span className={classes.amount}>{visibleLine(summary.amount)}</span>
        )}
      </span>
      <Small>
        <span>{askerOf(approval)}</span>
        <span>{visibleLine(tenant)}</span>
      </Small>
      <Small>
        {isWaiting(approval) ? <Waiting approval={approval} /> : <Decided {...{ approval, me }} />}
      </Small>
    </>
  );
};

/** @param hrefOf - the address at which one is open. */
export const ApprovalList = ({
  approvals,
  open,
  me,
  hrefOf,
}: {
  readonly approvals: readonly ApprovalInfo[];
  readonly open: string | undefined;
  readonly me: string | undefined;
  readonly hrefOf: (jobId: string) => string;
}): ReactElement => (
  <Choices>
    {approvals.map((approval) => (
      <Choice key={approval.jobId} href={hrefOf(approval.jobId)} isOpen={approval.jobId === open}>
        <Entry approval={approval} me={me} />
      </Choice>
    ))}
  </Choices>
);
