/** Asks what a new key is for, and makes it. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { useRun } from "../../api/useRun";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { Problem } from "../../parts/Problem";
import { EMPTY, newKeyOf, type KeyDraft } from "./draft";
import { KeyFields } from "./KeyFields";
import { useIssue, type Issued } from "./useIssue";

export const CreateKeyDialog = ({
  close,
  issued,
}: {
  readonly close: () => void;
  readonly issued: (key: Issued) => void;
}): ReactElement => {
  const matrix = useRun("admin:roleMatrix", {}, { every: 0 });
  const app = useRun("admin:describeApp", {}, { every: 0 });
  const [draft, setDraft] = useState<KeyDraft>(EMPTY);
  const { issue, isBusy, error } = useIssue("admin:createKey", issued);
  const role = draft.role === "" ? (matrix.data?.roles[0]?.name ?? "") : draft.role;
  const full = { ...draft, role };
  return (
    <Dialog title="Create a key" close={close} size={560} isHeld={isBusy}>
      <Loaded query={matrix}>
        {(loaded) => (
          <KeyFields
            isNew
            draft={full}
            matrix={loaded}
            hasTenants={app.data?.hasTenants ?? true}
            change={(changes) => {
              setDraft({ ...full, ...changes });
            }}
          />
        )}
      </Loaded>
      {error !== undefined && <Problem error={error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={isBusy}>
          Cancel
        </Button>
        <Button
          loading={isBusy}
          disabled={draft.name.trim() === ""}
          onClick={() => void issue(() => newKeyOf(full))}
        >
          Create key
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
