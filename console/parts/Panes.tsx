/** A list, and beside it what was chosen from it. A narrow screen shows one of the two. */
import { useRef, type ReactElement, type ReactNode } from "react";
import classes from "./Panes.module.css";
import { useRowKeys } from "./useRowKeys";

/**
 * @param side - the list, with what belongs to it.
 * @param children - what is open; undefined if nothing is.
 * @param back - the way back to the list, for a narrow screen.
 * @param hint - what to do if nothing is open.
 */
export const Panes = ({
  side,
  children,
  back,
  hint,
}: {
  readonly side: ReactNode;
  readonly children: ReactNode;
  readonly back: { readonly href: string; readonly text: string };
  readonly hint: string;
}): ReactElement => {
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const isOpen = children !== undefined;
  return (
    <div className={classes.panes} data-open={isOpen}>
      <div className={classes.side} ref={list}>
        {side}
      </div>
      <div className={classes.main}>
        {isOpen ? (
          <>
            <a className={classes.back} href={back.href}>
              {back.text}
            </a>
            {children}
          </>
        ) : (
          <p className={classes.hint}>{hint}</p>
        )}
      </div>
    </div>
  );
};

/** The list of what can be opened. */
export const Choices = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <ul className={classes.list}>{children}</ul>
);

/** @param href - the address at which it is open. */
export const Choice = ({
  href,
  isOpen,
  children,
}: {
  readonly href: string;
  readonly isOpen: boolean;
  readonly children: ReactNode;
}): ReactElement => (
  <li>
    <a className={classes.choice} href={href} data-row aria-current={isOpen}>
      {children}
    </a>
  </li>
);

/** A line of a choice that says less than its name. */
export const Small = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <span className={classes.small}>{children}</span>
);
