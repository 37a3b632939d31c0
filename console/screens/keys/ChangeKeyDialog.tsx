/** Changes what a key may do. It holds from the next call on. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { Key } from "../../api/functions";
import { failureOf, type Failure } from "../../api/failure";
import { useAct, useRun } from "../../api/useRun";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { useNotice } from "../../parts/Notices";
import { Problem } from "../../parts/Problem";
import { changeOf, draftOf, type KeyDraft } from "./draft";
import { KeyFields } from "./KeyFields";

export const ChangeKeyDialog = ({
  shown,
  close,
}: {
  readonly shown: Key;
  readonly close: () => void;
}): ReactElement => {
  const matrix = useRun("admin:roleMatrix", {}, { every: 0 });
  const notice = useNotice();
  const change = useAct("admin:updateKey");
  // As it was when the dialog opened: what somebody else changes meanwhile must not be set back by a save.
  const [before] = useState(shown);
  const [draft, setDraft] = useState<KeyDraft>(() => draftOf(before));
  const [error, setError] = useState<Failure>();
  const isSame = JSON.stringify(draft) === JSON.stringify(draftOf(before));
  const save = async (): Promise<void> => {
    try {
      await change.mutateAsync(changeOf(draft, before));
      notice("The key is changed. It holds from the next call on.");
      close();
    } catch (thrown) {
      setError(failureOf(thrown));
    }
  };
  return (
    <Dialog title={`Change “${before.name}”`} close={close} size={560} isHeld={change.isPending}>
      <Loaded query={matrix}>
        {(loaded) => (
          <KeyFields
            isNew={false}
            hasTenants={false}
            draft={draft}
            matrix={loaded}
            change={(changes) => {
              setDraft({ ...draft, ...changes });
            }}
          />
        )}
      </Loaded>
      {error !== undefined && <Problem error={error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={change.isPending}>
          Cancel
        </Button>
        <Button disabled={isSame} loading={change.isPending} onClick={() => void save()}>
          Save
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
