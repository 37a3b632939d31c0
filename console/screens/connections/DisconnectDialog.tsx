/** Asks before a connection ends, and says what ends with it. */
import type { ReactElement } from "react";
import type { ConnectionInfo } from "../../../src/operate/connections";
import { useAct, useRun } from "../../api/useRun";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Ends } from "../../parts/Ends";
import { useNotice } from "../../parts/Notices";

export const DisconnectDialog = ({
  shown: { grantId, client },
  close,
}: {
  readonly shown: ConnectionInfo;
  readonly close: () => void;
}): ReactElement => {
  const ends = useRun("admin:whatEnds", { grantId });
  const revoke = useAct("admin:revokeConnection");
  const notice = useNotice();
  return (
    <ConfirmDialog
      title={`Disconnect ${client}?`}
      verb="Disconnect"
      close={close}
      asksReason
      isReady={ends.data !== undefined || ends.isError}
      act={async (reason) => {
        await revoke.mutateAsync({ grantId, ...(reason !== undefined && { reason }) });
        notice(`${client} is disconnected.`);
        close();
      }}
    >
      <p>{client} must ask the user again. The key stays as it is.</p>
      <Ends query={ends} />
    </ConfirmDialog>
  );
};
