/** Makes a role, with the permissions of another or with none. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { useAct } from "../../api/useRun";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { useNotice } from "../../parts/Notices";
import { Problem } from "../../parts/Problem";

export const CreateRoleDialog = ({
  roles,
  close,
}: {
  readonly roles: RoleMatrix["roles"];
  readonly close: () => void;
}): ReactElement => {
  const [name, setName] = useState("");
  const [like, setLike] = useState("");
  const create = useAct("admin:setRole");
  const notice = useNotice();
  const isTaken = roles.some((role) => role.name === name.trim());
  const save = () => {
    const permissions = roles.find((role) => role.name === like)?.permissions ?? [];
    create.mutate(
      { name: name.trim(), permissions: [...permissions] },
      {
        onSuccess: () => {
          notice(`The role ${name.trim()} is made.`);
          close();
        },
      },
    );
  };
  return (
    <Dialog title="Create a role" close={close} isHeld={create.isPending}>
      <TextInput
        label="Name"
        withAsterisk
        data-autofocus
        placeholder="support"
        value={name}
        error={isTaken && "There is a role of this name"}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <NativeSelect
        label="Begins with the permissions of"
        data={[{ value: "", label: "None" }, ...roles.map((role) => role.name)]}
        value={like}
        onChange={(event) => {
          setLike(event.currentTarget.value);
        }}
      />
      {create.error !== null && <Problem error={create.error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={create.isPending}>
          Cancel
        </Button>
        <Button loading={create.isPending} disabled={name.trim() === "" || isTaken} onClick={save}>
          Create role
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
