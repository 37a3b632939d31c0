/** Says for which tools a person must approve each call of a role. */
import { Button, TagsInput } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { useAct } from "../../api/useRun";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { useNotice } from "../../parts/Notices";
import { Problem } from "../../parts/Problem";
import { merged } from "./edits";

export const ApprovalDialog = ({
  role,
  tools,
  close,
}: {
  readonly role: RoleMatrix["roles"][number];
  readonly tools: RoleMatrix["tools"];
  readonly close: () => void;
}): ReactElement => {
  const now = role.approval ?? [];
  const [{ before, patterns }, setList] = useState({ before: now, patterns: now });
  if (before.join() !== now.join())
    setList({ before: now, patterns: merged(before, now, patterns) });
  const change = useAct("admin:setRole");
  const notice = useNotice();
  const save = () => {
    change.mutate(
      { name: role.name, approval: patterns.length > 0 ? [...patterns] : null },
      {
        onSuccess: () => {
          notice(`The approvals of ${role.name} are changed.`);
          close();
        },
      },
    );
  };
  return (
    <Dialog title={`Approval for ${role.name}`} close={close} isHeld={change.isPending}>
      <TagsInput
        label="A person must approve"
        description="Tools by name, or by how they begin: orders_*. Beside what the app and a key ask for."
        data={["*", ...tools.map(({ name }) => name)]}
        value={[...patterns]}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(wanted) => {
          setList({ before, patterns: wanted });
        }}
        data-autofocus
      />
      {change.error !== null && <Problem error={change.error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={change.isPending}>
          Cancel
        </Button>
        <Button loading={change.isPending} onClick={save}>
          Save
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
