/** Asks before something ends: what ends, and why. The focus is on Cancel, and Enter never does it. */
import { Button, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent, type PropsWithChildren, type ReactElement } from "react";
import { Dialog, DialogFoot } from "./Dialog";
import { Problem } from "./Problem";

const withoutEnter = (event: KeyboardEvent): void => {
  if (event.key === "Enter") event.preventDefault();
};

const ReasonField = ({
  reason,
  setReason,
}: {
  readonly reason: string;
  readonly setReason: (reason: string) => void;
}): ReactElement => (
  <TextInput
    label="Reason"
    description="Kept with the record of it. Optional."
    value={reason}
    maxLength={200}
    onChange={(event) => {
      setReason(event.currentTarget.value);
    }}
  />
);

export const ConfirmDialog = ({
  title,
  verb,
  close,
  act,
  dismiss = "Cancel",
  asksReason = false,
  isReady = true,
  children,
}: PropsWithChildren<{
  /** A question: `Revoke the key “sales”?` */
  readonly title: string;
  /** What the button says: `Revoke key`. */
  readonly verb: string;
  /** What the other button says, where "Cancel" could be taken for the verb. */
  readonly dismiss?: string;
  readonly close: () => void;
  /** What the button does. The dialog shows what it throws; whoever calls closes the dialog. */
  readonly act: (reason: string | undefined) => Promise<unknown>;
  /** Whether a reason is asked for, which the deployment keeps. */
  readonly asksReason?: boolean;
  /** False until the body can say what ends. */
  readonly isReady?: boolean;
}>): ReactElement => {
  const [reason, setReason] = useState("");
  const [state, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false });
  const confirm = async (): Promise<void> => {
    setState({ isBusy: true });
    try {
      await act(reason.trim() === "" ? undefined : reason.trim());
    } catch (error) {
      setState({ isBusy: false, error });
    }
  };
  return (
    <Dialog title={title} close={close} isHeld={state.isBusy}>
      {children}
      {asksReason && <ReasonField reason={reason} setReason={setReason} />}
      {state.error !== undefined && <Problem error={state.error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={state.isBusy} data-autofocus>
          {dismiss}
        </Button>
        <Button
          color="red"
          loading={state.isBusy}
          disabled={!isReady}
          onKeyDown={withoutEnter}
          onClick={() => void confirm()}
        >
          {verb}
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
