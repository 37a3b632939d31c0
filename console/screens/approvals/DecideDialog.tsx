/** Asks once more before a decision, with what it is about. The focus is on Cancel, and Enter decides nothing. */
import { Button, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactElement } from "react";
import type { ApprovalDetail } from "../../../src/approvals/get";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { visible, visibleLine } from "../../text/plain";
import quoted from "../../parts/quoted.module.css";
import classes from "./approvals.module.css";
import { lastDecider } from "./decider";
import { askerOf } from "./words";

const withoutEnter = (event: KeyboardEvent): void => {
  if (event.key === "Enter") event.preventDefault();
};

const VERBS = { approve: "Approve and run", deny: "Deny" } as const;

export type Verdict = keyof typeof VERBS;

const nameOf = ({ summary, title }: ApprovalDetail): string => visibleLine(summary?.title ?? title);

const QUESTIONS: Readonly<Record<Verdict, (approval: ApprovalDetail) => string>> = {
  approve: (approval) => `Approve “${nameOf(approval)}”?`,
  deny: (approval) => `Deny “${nameOf(approval)}”?`,
};

const After = ({ approval, verdict, note }: Omit<Asked, "close" | "decide">): ReactElement => {
  const asker = askerOf(approval);
  if (verdict === "approve") return <p>It runs at once, for {asker}. There is no way back.</p>;
  if (note.trim() === "") return <p>Nothing is done. {asker} is told that a person denied it.</p>;
  return (
    <>
      <p>Nothing is done. {asker} is told:</p>
      <blockquote className={quoted.quoted}>{visible(note)}</blockquote>
    </>
  );
};

interface Asked {
  readonly approval: ApprovalDetail;
  readonly verdict: Verdict;
  readonly note: string;
  readonly close: () => void;
  readonly decide: (by: string) => Promise<void>;
}

export const DecideDialog = ({ approval, verdict, note, close, decide }: Asked): ReactElement => {
  const [by, setBy] = useState(lastDecider() ?? "");
  const [isBusy, setIsBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    await decide(by.trim());
    close();
  };
  return (
    <Dialog title={QUESTIONS[verdict](approval)} close={close} isHeld={isBusy}>
      {approval.summary?.amount !== undefined && (
        <p className={classes.total}>{visibleLine(approval.summary.amount)}</p>
      )}
      <After {...{ approval, verdict, note }} />
      <TextInput
        label="Your name"
        description="Goes into the record as you give it. Nobody checks it."
        required
        maxLength={100}
        autoComplete="name"
        value={by}
        onChange={({ currentTarget }) => {
          setBy(currentTarget.value);
        }}
      />
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={isBusy} data-autofocus>
          Cancel
        </Button>
        <Button
          {...(verdict === "deny" && { color: "red" })}
          loading={isBusy}
          disabled={by.trim() === ""}
          onKeyDown={withoutEnter}
          onClick={() => void confirm()}
        >
          {VERBS[verdict]}
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
