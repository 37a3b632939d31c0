/** Says that there is nothing, and what would change that. */
import type { PropsWithChildren, ReactElement } from "react";
import classes from "./Empty.module.css";

/** @param title - `No key yet`. The children say what to do. */
export const Empty = ({
  title,
  children,
}: PropsWithChildren<{ readonly title: string }>): ReactElement => (
  <div className={classes.empty}>
    <p className={classes.title}>{title}</p>
    {children}
  </div>
);

/** A page after the first can be empty: what it had is gone meanwhile, or the page before was just full. */
export const NoMore = (): ReactElement => <Empty title="No more on this page" />;
