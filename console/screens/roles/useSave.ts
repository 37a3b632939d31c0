/** Saves changes of roles, one role after the other. What is saved stays saved if a later one fails. */
import { useState } from "react";
import { failureOf, type Failure } from "../../api/failure";
import { useAct } from "../../api/useRun";
import { useNotice } from "../../parts/Notices";
import type { RoleEdit } from "./edits";

/** @param saved - called once all are saved. */
export const useSave = (saved: () => void) => {
  const change = useAct("admin:setRole");
  const notice = useNotice();
  const [state, setState] = useState<{ isBusy: boolean; error?: Failure }>({ isBusy: false });
  const save = async (edits: readonly RoleEdit[]): Promise<void> => {
    setState({ isBusy: true });
    try {
      for (const { role, add, remove } of edits)
        await change.mutateAsync({
          name: role,
          ...(add.length > 0 && { add: [...add] }),
          ...(remove.length > 0 && { remove: [...remove] }),
        });
      notice(edits.length === 1 ? "The role is changed." : `${edits.length} roles are changed.`);
      saved();
    } catch (error) {
      setState({ isBusy: false, error: failureOf(error) });
    }
  };
  return { ...state, save };
};
