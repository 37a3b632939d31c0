/** A box that says one thing: that nothing is here, that something failed, or what to mind. */
import type { PropsWithChildren, ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "./icons";
import classes from "./Note.module.css";

export type NoteTone = "plain" | "bad" | "waiting";

const ICONS: Record<NoteTone, IconName> = { plain: "dash", bad: "warning", waiting: "warning" };

/** @param actions - buttons at its end. */
export const Note = ({
  tone = "plain",
  title,
  actions,
  children,
}: PropsWithChildren<{
  readonly tone?: NoteTone;
  readonly title?: string;
  readonly actions?: ReactNode;
}>): ReactElement => (
  <div className={classes.note} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
    {tone !== "plain" && <Icon name={ICONS[tone]} />}
    <div className={classes.body}>
      {title !== undefined && <p className={classes.title}>{title}</p>}
      {children !== undefined && <div>{children}</div>}
    </div>
    {actions !== undefined && <div className={classes.actions}>{actions}</div>}
  </div>
);
