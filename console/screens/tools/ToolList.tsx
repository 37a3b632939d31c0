/** The tools of the app, by what the chosen key may call: those that it sees come first. */
import type { ReactElement } from "react";
import { Icon } from "../../parts/icons";
import { approvalOf, effectOf, type Row } from "./rows";
import classes from "./tools.module.css";

const Entry = ({ tool, seen }: Row): ReactElement => {
  const approval = seen?.allowed === true ? approvalOf(seen) : undefined;
  return (
    <>
      <span className={classes.name}>{tool.name}</span>
      <span className={classes.small}>
        {tool.title} · {effectOf(tool.annotations)}
      </span>
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
  <ul className={classes.list}>
    {rows.map(({ tool, seen }) => (
      <li key={tool.name} data-hidden={seen?.allowed === false}>
        <a
          className={classes.entry}
          href={hrefOf(tool.name)}
          data-row
          aria-current={tool.name === open}
        >
          <Entry tool={tool} {...(seen !== undefined && { seen })} />
        </a>
      </li>
    ))}
  </ul>
);
