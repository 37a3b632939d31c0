/** The roles: which tools each opens. Changes are collected, and saved once somebody has seen what they open. */
import { Button, NativeSelect } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { useRun } from "../../api/useRun";
import { Icon } from "../../parts/icons";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Approvals } from "./Approvals";
import { CreateRoleDialog } from "./CreateRoleDialog";
import { keysText, roleEdits, toggled, type Edits } from "./edits";
import { Matrix } from "./Matrix";
import { ReviewDialog } from "./ReviewDialog";
import classes from "./RolesScreen.module.css";

const NONE: Edits = new Map();

/** `Opens payments_record to 4 keys`, of the first role; and how many more changes there are. */
const sumUp = (matrix: RoleMatrix, edits: Edits): string => {
  const [first, ...more] = roleEdits(matrix, edits);
  if (first === undefined) return "";
  const { role, opens, closes, keys } = first;
  const [verb, to] = opens.length > 0 ? ["opens", "to"] : ["closes", "for"];
  const [name = "no tool", ...others] = opens.length > 0 ? opens : closes;
  const rest = others.length === 0 ? "" : ` and ${others.length} more`;
  const roles =
    more.length === 0 ? "" : `; ${more.length} more ${more.length === 1 ? "role" : "roles"}`;
  return `${role}: ${verb} ${name}${rest} ${to} ${keysText(keys)}${roles}`;
};

const Pending = ({
  matrix,
  count,
  edits,
  review,
  discard,
}: {
  readonly matrix: RoleMatrix;
  readonly count: number;
  readonly edits: Edits;
  readonly review: () => void;
  readonly discard: () => void;
}): ReactElement => (
  <div className={classes.pending} role="region" aria-label="Changes that are not saved">
    <span className={classes.words}>
      <strong>{count === 1 ? "1 change" : `${count} changes`}</strong> {sumUp(matrix, edits)}
    </span>
    <span className={classes.buttons}>
      <Button variant="default" onClick={discard}>
        Discard
      </Button>
      <Button onClick={review}>Review</Button>
    </span>
  </div>
);

const Editor = ({ matrix }: { readonly matrix: RoleMatrix }): ReactElement => {
  const [edits, setEdits] = useState<Edits>(NONE);
  const [isReviewing, setIsReviewing] = useState(false);
  const count = roleEdits(matrix, edits).reduce(
    (sum, { add, remove }) => sum + add.length + remove.length,
    0,
  );
  const [chosen = matrix.roles[0]?.name, choose] = useState<string>();
  const clear = () => {
    setEdits(NONE);
    setIsReviewing(false);
  };
  return (
    <>
      <NativeSelect
        className={classes.choice ?? ""}
        label="Role"
        data={matrix.roles.map(({ name, keys }) => ({
          value: name,
          label: `${name} (${keysText(keys)})`,
        }))}
        value={chosen}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
      />
      <Matrix
        matrix={matrix}
        edits={edits}
        chosen={chosen}
        toggle={(role, permission, isHeld) => {
          setEdits(toggled(edits, role, permission, isHeld));
        }}
      />
      {count > 0 && (
        <Pending
          matrix={matrix}
          count={count}
          edits={edits}
          discard={clear}
          review={() => {
            setIsReviewing(true);
          }}
        />
      )}
      <Approvals matrix={matrix} />
      {isReviewing && (
        <ReviewDialog
          matrix={matrix}
          edits={edits}
          saved={clear}
          close={() => {
            setIsReviewing(false);
          }}
        />
      )}
    </>
  );
};

const RolesScreen = (): ReactElement => {
  const query = useRun("admin:roleMatrix", {});
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Page
      title="Roles"
      hint="A role holds permissions, and a tool needs one. A change holds from the next call on."
      actions={
        <Button
          leftSection={<Icon name="plus" />}
          onClick={() => {
            setIsCreating(true);
          }}
        >
          Create role
        </Button>
      }
    >
      <Loaded query={query}>{(matrix) => <Editor matrix={matrix} />}</Loaded>
      {isCreating && (
        <CreateRoleDialog
          roles={query.data?.roles ?? []}
          close={() => {
            setIsCreating(false);
          }}
        />
      )}
    </Page>
  );
};

export default RolesScreen;
