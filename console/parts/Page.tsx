/** A screen: its title, what can be done on it, and its parts below each other. */
import { useEffect, type PropsWithChildren, type ReactElement, type ReactNode } from "react";
import classes from "./Page.module.css";

export const Page = ({
  title,
  hint,
  actions,
  children,
}: PropsWithChildren<{
  readonly title: string;
  /** One sentence below the title. */
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
}>): ReactElement => {
  useEffect(() => {
    document.title = `${title} · Toolgate console`;
  }, [title]);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h1 className={classes.title}>{title}</h1>
          {hint !== undefined && <p className={classes.hint}>{hint}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
};

/** A part of a screen with a title of its own. */
export const Section = ({
  title,
  actions,
  children,
}: PropsWithChildren<{
  readonly title: string;
  readonly actions?: ReactNode;
}>): ReactElement => (
  <section className={classes.section}>
    <div className={classes.head}>
      <h2 className={classes.subtitle}>{title}</h2>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
    {children}
  </section>
);
