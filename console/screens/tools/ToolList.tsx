/** The tools of the app, by what the chosen key may call: those that it sees come first. */
import type { ReactElement } from "react";
import { Icon } from "../../parts/icons";
import { Choice, Choices, Small } from "../../parts/Panes";
import { approvalOf, effectOf, type Row } from "./rows";
import classes from "./tools.module.css";

const Entry = ({ tool, seen }: Row): ReactElement => {
  const approval = seen?.allowed === true ? approvalOf(seen) : undefined;
  return (
    <>
      <span className={classes.name} data-hidden={seen?.allowed === false}>
        {tool.name}
      </span>
      <Small>
        {tool.title} · {effectOf(tool.annotations)}
      </Small>
      {seen?.allowed === false && (
        <span className={classes.why}>
          <Icon name="ban" size={14} /> {seen.why ?? "not seen"}
        </span>
      )}
      {approval !== undefined && (
        <span className={classes.waits}>
          <Icon name="pause" size={14} /> {approval}
        </span>
      )}
    </>
  );
};

export const ToolList = ({
  rows,
  open,
  hrefOf,
}: {
  readonly rows: readonly Row[];
  readonly open: string | undefined;
  readonly hrefOf: (tool: string) => string;
}): ReactElement => (
  <Choices>
    {rows.map(({ tool, seen }) => (
      <Choice key={tool.name} href={hrefOf(tool.name)} isOpen={tool.name === open}>
        <Entry tool={tool} {...(seen !== undefined && { seen })} />
      </Choice>
    ))}
  </Choices>
);
