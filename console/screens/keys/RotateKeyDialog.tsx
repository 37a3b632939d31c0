/** Makes a key in the place of another, which may still work for a while. */
import { Button, NativeSelect } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { Key } from "../../api/functions";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Problem } from "../../parts/Problem";
import { useIssue, type Issued } from "./useIssue";

const GRACES = [
  { value: "0", label: "Not at all: it ends now" },
  { value: "60", label: "For an hour" },
  { value: "1440", label: "For a day" },
  { value: "10080", label: "For a week" },
];

export const RotateKeyDialog = ({
  shown,
  close,
  issued,
}: {
  readonly shown: Key;
  readonly close: () => void;
  readonly issued: (key: Issued) => void;
}): ReactElement => {
  const [grace, setGrace] = useState("60");
  const { issue, isBusy, error } = useIssue("admin:rotateKey", issued);
  return (
    <Dialog title={`Rotate “${shown.name}”?`} close={close} isHeld={isBusy}>
      <p>
        A new key takes over its rights, its end and its connections. Agents that hold the old key
        need the new one.
      </p>
      <NativeSelect
        label="How long the old key still works"
        data={GRACES}
        value={grace}
        onChange={(event) => {
          setGrace(event.currentTarget.value);
        }}
      />
      {error !== undefined && <Problem error={error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={isBusy} data-autofocus>
          Cancel
        </Button>
        <Button
          loading={isBusy}
          onClick={() => void issue(() => ({ keyId: shown.keyId, graceMinutes: Number(grace) }))}
        >
          Rotate key
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
