/** Asks before a key ends, and says what ends with it. */
import { Checkbox } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { Key } from "../../api/functions";
import { useAct, useRun } from "../../api/useRun";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Ends } from "../../parts/Ends";
import { useNotice } from "../../parts/Notices";

export const RevokeKeyDialog = ({
  shown,
  close,
}: {
  readonly shown: Key;
  readonly close: () => void;
}): ReactElement => {
  const { keyId, name, replaces, replacedBy } = shown;
  const [chain, setChain] = useState(false);
  const ends = useRun("admin:whatEnds", { keyId, chain });
  const revoke = useAct("admin:revokeKey");
  const notice = useNotice();
  const isOfChain = replaces !== undefined || replacedBy !== undefined;
  return (
    <ConfirmDialog
      title={`Revoke “${name}”?`}
      verb="Revoke key"
      close={close}
      asksReason
      isReady={(ends.data !== undefined && !ends.isPlaceholderData) || ends.isError}
      act={async (reason) => {
        await revoke.mutateAsync({ keyId, ...(reason !== undefined && { reason }), chain });
        notice(
          chain
            ? `The key “${name}” and those of its rotations are revoked.`
            : `The key “${name}” is revoked.`,
        );
        close();
      }}
    >
      <p>No call with this key counts any more. That is final.</p>
      <Ends query={ends} />
      {isOfChain && (
        <Checkbox
          label="Also the keys before and after it in rotations"
          checked={chain}
          onChange={(event) => {
            setChain(event.currentTarget.checked);
          }}
        />
      )}
    </ConfirmDialog>
  );
};
