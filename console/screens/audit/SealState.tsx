/** Up to when the record is sealed, what waits for the next seal, and whether the sealing keeps up. */
import type { ReactElement } from "react";
import type { Functions } from "../../api/functions";
import { useRun } from "../../api/useRun";
import { useNow } from "../../parts/clock";
import { Note } from "../../parts/Note";
import { Time } from "../../parts/Time";
import classes from "./audit.module.css";
import { isLate, waitingText } from "./seals";

const EVERY = 60_000;

type Head = Functions["admin:auditHead"]["value"];

const Last = ({ head }: { readonly head: Head }): ReactElement =>
  head.head === null ? (
    <>Nothing is sealed yet.</>
  ) : (
    <>
      Newest seal: <Time at={head.at} />, up to <Time at={head.sealedTo} as="clock" />.
    </>
  );

const Late = ({ head }: { readonly head: Head }): ReactElement => (
  <Note tone="waiting" title="The record is not being sealed">
    {waitingText(head.waiting.rows)}, the oldest since <Time at={head.waiting.since} as="clock" />.{" "}
    <Last head={head} /> Does the cron of <code>jobs:sweep</code> run, and is{" "}
    <code>TOOLGATE_SEAL_KEYS</code> as it should be? The deployment&apos;s log says why.
  </Note>
);

export const SealState = (): ReactElement | null => {
  const { data: head } = useRun("admin:auditHead", {}, { every: EVERY });
  const now = useNow();
  if (head === undefined) return null;
  if (isLate(head.waiting, now)) return <Late head={head} />;
  return (
    <p className={classes.seal}>
      <Last head={head} /> {waitingText(head.waiting.rows)}.
    </p>
  );
};
