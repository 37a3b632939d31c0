/** Asks once more before a decision, with what it is about. The focus is on Cancel, and Enter decides nothing. */
import { Button, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactElement } from "react";
import type { Approval } from "../../api/shapes";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { visible, visibleLine } from "../../text/plain";
import classes from "./approvals.module.css";
import { lastDecider } from "./decider";
import { askerOf } from "./words";

const withoutEnter = (event: KeyboardEvent): void => {
  if (event.key === "Enter") event.preventDefault();
};

const WORDS = {
  approve: { verb: "Approve and run", question: "now?", after: "It runs as soon as you approve." },
  deny: {
    verb: "Deny",
    question: "– deny this?",
    after: "Nothing is done, and it cannot be undone.",
  },
} as const;

export type Verdict = keyof typeof WORDS;

const What = ({ approval, verdict, note }: Omit<Asked, "close" | "decide">): ReactElement => (
  <>
    {approval.summary?.amount !== undefined && (
      <p className={classes.total}>{visibleLine(approval.summary.amount)}</p>
    )}
    <p>
      For {askerOf(approval)}. {WORDS[verdict].after}
    </p>
    {verdict === "deny" && note.trim() !== "" && (
      <blockquote className={classes.quote} aria-label="The agent reads">
        {visible(note)}
      </blockquote>
    )}
  </>
);

interface Asked {
  readonly approval: Approval;
  readonly verdict: Verdict;
  readonly note: string;
  readonly close: () => void;
  readonly decide: (by: string) => Promise<void>;
}

export const DecideDialog = ({ approval, verdict, note, close, decide }: Asked): ReactElement => {
  const [by, setBy] = useState(lastDecider() ?? "");
  const [isBusy, setIsBusy] = useState(false);
  const { verb, question } = WORDS[verdict];
  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    await decide(by.trim());
    close();
  };
  return (
    <Dialog
      title={`${visibleLine(approval.summary?.title ?? approval.title)} ${question}`}
      close={close}
      isHeld={isBusy}
    >
      <What {...{ approval, verdict, note }} />
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
          {verb}
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
