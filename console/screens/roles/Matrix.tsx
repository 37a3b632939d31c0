/** Roles and tools side by side. Tools that need the same permission stand together, since a role has all of them or none. */
import { Checkbox } from "@mantine/core";
import type { ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { keysText, wanted, type Edits } from "./edits";
import classes from "./Matrix.module.css";

type Role = RoleMatrix["roles"][number];

interface Cells {
  readonly matrix: RoleMatrix;
  readonly edits: Edits;
  readonly toggle: (role: string, permission: string, isHeld: boolean) => void;
  /** The one role that a narrow screen has room for. */
  readonly chosen: string | undefined;
}

const Head = ({ matrix: { roles }, chosen }: Pick<Cells, "matrix" | "chosen">): ReactElement => (
  <thead>
    <tr>
      <th scope="col" className={classes.corner}>
        Permission and its tools
      </th>
      {roles.map(({ name, keys }) => (
        <th key={name} scope="col" className={classes.role} data-chosen={name === chosen}>
          {name}
          <div className={classes.keys}>{keysText(keys)}</div>
        </th>
      ))}
    </tr>
  </thead>
);

const Cell = ({
  role: { name, permissions },
  permission,
  edits,
  toggle,
  chosen,
}: Omit<Cells, "matrix"> & {
  readonly role: Role;
  readonly permission: string;
}): ReactElement => {
  const isHeld = permissions.includes(permission);
  const want = wanted(edits, name, permission, isHeld);
  const edited = want !== undefined;
  return (
    <td className={classes.cell} data-edited={edited} data-chosen={name === chosen}>
      <Checkbox
        className={classes.tick}
        checked={want ?? isHeld}
        aria-label={`${name} holds ${permission}${edited ? " (changed)" : ""}`}
        onChange={() => {
          toggle(name, permission, isHeld);
        }}
      />
    </td>
  );
};

/** @param cells - what stands in the cells, and what a cell does. */
export const Matrix = (cells: Cells): ReactElement => {
  const { permissions, roles, tools } = cells.matrix;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Roles and tools">
      <table className={classes.table}>
        <Head {...cells} />
        <tbody>
          {permissions.map((permission) => (
            <tr key={permission}>
              <th scope="row" className={classes.permission}>
                <code>{permission}</code>
                <div className={classes.tools}>
                  {tools
                    .filter((tool) => tool.permission === permission)
                    .map(({ name }) => name)
                    .join(", ")}
                </div>
              </th>
              {roles.map((role) => (
                <Cell key={role.name} {...cells} role={role} permission={permission} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
