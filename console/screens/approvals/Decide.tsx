/** The note and the two buttons, for a call that still waits. */
import { Button, Textarea } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { ApprovalDetail } from "../../../src/approvals/get";
import { Note } from "../../parts/Note";
import { visibleLine } from "../../text/plain";
import classes from "./approvals.module.css";
import { DecideDialog, type Verdict } from "./DecideDialog";

/** The longest note that is kept, in characters. */
const MAX_NOTE = 500;

const CannotRun = ({ problem }: Pick<ApprovalDetail, "problem">): ReactElement => (
  <Note tone="waiting" title="It can no longer run">
    {visibleLine(problem?.message ?? "The rights of its key have changed.")} You can still deny it.
  </Note>
);

export const Decide = ({
  approval,
  isStale,
  decide,
}: {
  readonly approval: ApprovalDetail;
  /** True if what is shown is no longer what would run: then a yes has to wait for another look. */
  readonly isStale: boolean;
  readonly decide: (decision: { verdict: Verdict; by: string; note: string }) => Promise<void>;
}): ReactElement => {
  const [note, setNote] = useState("");
  const [verdict, setVerdict] = useState<Verdict>();
  const { canRun, problem } = approval;
  return (
    <>
      {!canRun && <CannotRun {...(problem && { problem })} />}
      <Textarea
        label="Note"
        description="Kept with the decision. The agent reads it if you deny."
        autosize
        minRows={2}
        maxLength={MAX_NOTE}
        value={note}
        onChange={({ currentTarget }) => {
          setNote(currentTarget.value);
        }}
      />
      <div className={classes.buttons}>
        <Button
          variant="default"
          onClick={() => {
            setVerdict("deny");
          }}
        >
          Deny
        </Button>
        <Button
          disabled={!canRun || isStale}
          onClick={() => {
            setVerdict("approve");
          }}
        >
          Approve and run
        </Button>
      </div>
      {verdict !== undefined && (
        <DecideDialog
          {...{ approval, verdict, note }}
          close={() => {
            setVerdict(undefined);
          }}
          decide={(by) => decide({ verdict, by, note })}
        />
      )}
    </>
  );
};
