/** For each role, the tools whose calls a person must approve. */
import { Button } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { idlePatterns } from "../../../src/auth/patterns";
import type { RoleMatrix } from "../../api/shapes";
import { Icon } from "../../parts/icons";
import { Section } from "../../parts/Page";
import { ApprovalDialog } from "./ApprovalDialog";
import classes from "./Approvals.module.css";

/** What a role puts under approval. A tool that was renamed needs none any more, so its old name is told. */
const Patterns = ({
  approval,
  names,
}: {
  readonly approval: readonly string[];
  readonly names: readonly string[];
}): ReactElement => {
  const idle = idlePatterns(approval, names);
  if (approval.length === 0) return <>What the app asks for</>;
  return (
    <>
      <code>{approval.join(", ")}</code>
      {idle.length > 0 && (
        <span className={classes.idle}>
          <Icon name="warning" size={14} /> No tool is called {idle.join(" or ")}. Was it renamed?
          It needs no approval now.
        </span>
      )}
    </>
  );
};

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
              <Patterns approval={approval} names={tools.map((tool) => tool.name)} />
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
