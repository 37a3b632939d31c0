/** One held call, as the person who decides reads it. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { ApprovalDetail } from "../../../src/approvals/get";
import { useNow } from "../../parts/clock";
import { Note } from "../../parts/Note";
import { visible, visibleLine } from "../../text/plain";
import quoted from "../../parts/quoted.module.css";
import classes from "./approvals.module.css";
import { Asked } from "./Asked";
import { Decide } from "./Decide";
import { lastDecider } from "./decider";

import { Origin } from "./Origin";
import { useDecision, type Said } from "./useDecision";
import { askerOf, expiryLine, isUrgent, isWaiting, outcomeLine } from "./words";

const Head = ({ approval }: { readonly approval: ApprovalDetail }): ReactElement => {
  const now = useNow();
  const { summary, title } = approval;
  return (
    <header>
      <div className={classes.top}>
        <span>
          {askerOf(approval)} {isWaiting(approval) ? "wants to" : "wanted to"}
          {summary === undefined && " run"}
        </span>
        {isWaiting(approval) && (
          <span className={isUrgent(approval, now) ? classes.urgent : undefined}>
            {expiryLine(approval, now)}
          </span>
        )}
      </div>
      <h2 className={classes.title}>{visibleLine(summary?.title ?? title)}</h2>
      {summary?.amount !== undefined && (
        <p className={classes.total}>{visibleLine(summary.amount)}</p>
      )}
    </header>
  );
};

/** Says that another look shows something else than what is on the screen, before anybody says yes to it. */
const Changed = ({
  newest,
  look,
}: {
  readonly newest: ApprovalDetail;
  readonly look: () => void;
}): ReactElement => (
  <Note
    tone="waiting"
    title={
      newest.summary?.amount === undefined
        ? "Changed since you opened it."
        : `Changed since you opened it: now ${visibleLine(newest.summary.amount)}.`
    }
    actions={
      <Button variant="default" onClick={look}>
        Look again
      </Button>
    }
  />
);

const Outcome = ({
  approval,
  said,
}: {
  approval: ApprovalDetail;
  said: Said | undefined;
}): ReactElement => {
  const now = useNow();
  const { decision } = approval;
  return (
    <>
      {said !== undefined && <Note tone={said.isGood ? "plain" : "bad"}>{said.text}</Note>}
      <p>
        <b>{outcomeLine(approval, lastDecider(), now)}</b>
      </p>
      {decision?.note !== undefined && (
        <blockquote className={quoted.quoted} aria-label="Note">
          {visible(decision.note)}
        </blockquote>
      )}
    </>
  );
};

/** @param newest - as it was read last. What is on the screen stays until the person looks again. */
export const Card = ({ newest }: { readonly newest: ApprovalDetail }): ReactElement => {
  const [shown, setShown] = useState(newest);
  const { said, decide, isDeciding } = useDecision(shown);
  const isStale = isWaiting(newest) && newest.seen !== shown.seen;
  // Only what a yes would run is held back: that somebody else has decided is shown at once.
  const approval = isStale ? shown : newest;
  return (
    <article className={classes.card} aria-busy={isDeciding}>
      <Head approval={approval} />
      {isStale && (
        <Changed
          newest={newest}
          look={() => {
            setShown(newest);
          }}
        />
      )}
      <Asked approval={approval} />
      <Origin approval={approval} />
      <Outcome approval={approval} said={said} />
      {isWaiting(approval) && <Decide {...{ approval, isStale, decide }} />}
    </article>
  );
};
