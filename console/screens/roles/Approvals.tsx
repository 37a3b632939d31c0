/** For each role, the tools whose calls a person must approve. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import { Section } from "../../parts/Page";
import { ApprovalDialog } from "./ApprovalDialog";
import classes from "./Approvals.module.css";

export const Approvals = ({
  matrix: { roles, tools },
}: {
  readonly matrix: RoleMatrix;
}): ReactElement => {
  const [changed, setChanged] = useState<string>();
  const role = roles.find(({ name }) => name === changed);
  return (
    <Section title="A person must approve">
      <ul className={classes.list}>
        {roles.map(({ name, approval = [] }) => (
          <li key={name} className={classes.line}>
            <span className={classes.name}>{name}</span>
            <span className={classes.patterns}>
              {approval.length === 0 ? "What the app asks for" : <code>{approval.join(", ")}</code>}
            </span>
            <Button
              variant="default"
              aria-label={`Change the approvals of ${name}`}
              onClick={() => {
                setChanged(name);
              }}
            >
              Change
            </Button>
          </li>
        ))}
      </ul>
      {role !== undefined && (
        <ApprovalDialog
          role={role}
          tools={tools}
          close={() => {
            setChanged(undefined);
          }}
        />
      )}
    </Section>
  );
};
