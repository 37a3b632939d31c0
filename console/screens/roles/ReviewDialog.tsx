/** Says what the collected changes open and close, and to how many keys, and saves them. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { Dialog, DialogFoot } from "../../parts/Dialog";
import { Problem } from "../../parts/Problem";
import { keysText, roleEdits, type Edits, type RoleEdit } from "./edits";
import classes from "./ReviewDialog.module.css";
import { useSave } from "./useSave";

const Names = ({
  verb,
  names,
  to,
}: {
  readonly verb: string;
  readonly names: readonly string[];
  readonly to: string;
}): ReactElement | null =>
  names.length === 0 ? null : (
    <li>
      {verb}{" "}
      {names.map((name, at) => (
        <span key={name}>
          {at > 0 && ", "}
          <code>{name}</code>
        </span>
      ))}{" "}
      {to}
    </li>
  );

const Edit = ({ edit }: { readonly edit: RoleEdit }): ReactElement => {
  const { role, add, remove, opens, closes, keys } = edit;
  const isEmpty = opens.length + closes.length === 0;
  return (
    <section>
      <h3 className={classes.role}>{role}</h3>
      <ul className={classes.list}>
        <Names verb="Opens" names={opens} to={`to ${keysText(keys)}`} />
        <Names verb="Closes" names={closes} to={`for ${keysText(keys)}`} />
        {isEmpty && <li>Changes no tool</li>}
        <Names verb="Adds" names={add} to="" />
        <Names verb="Takes away" names={remove} to="" />
      </ul>
    </section>
  );
};

export const ReviewDialog = ({
  matrix,
  edits,
  close,
  saved,
}: {
  readonly matrix: RoleMatrix;
  readonly edits: Edits;
  readonly close: () => void;
  readonly saved: () => void;
}): ReactElement => {
  // As it was when somebody began to read it: what is saved is what was read.
  const [list] = useState(() => roleEdits(matrix, edits));
  const { save, isBusy, error } = useSave(saved);
  return (
    <Dialog title="Save these changes?" close={close} isHeld={isBusy}>
      <p>They hold from the next call on, for keys that exist too.</p>
      {list.map((edit) => (
        <Edit key={edit.role} edit={edit} />
      ))}
      {error !== undefined && <Problem error={error} />}
      <DialogFoot>
        <Button variant="default" onClick={close} disabled={isBusy} data-autofocus>
          Cancel
        </Button>
        <Button loading={isBusy} onClick={() => void save(list)}>
          Save
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
