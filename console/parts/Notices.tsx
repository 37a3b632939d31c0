/** Says at the foot of the page what was just done: `Key revoked.` Screen readers read it out. */
import { createContext, use, useCallback, useRef, useState, type PropsWithChildren } from "react";
import type { ReactElement } from "react";
import classes from "./Notices.module.css";

const SHOWN = 6_000;

const Context = createContext<(text: string) => void>(() => undefined);

/** @returns what shows a notice for six seconds. Never give it a secret. */
export const useNotice = (): ((text: string) => void) => use(Context);

export const Notices = ({ children }: PropsWithChildren): ReactElement => {
  const [text, setText] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((next: string) => {
    clearTimeout(timer.current);
    setText(next);
    timer.current = setTimeout(() => {
      setText(undefined);
    }, SHOWN);
  }, []);
  return (
    <Context value={show}>
      {children}
      <div className={classes.place} role="status">
        {text !== undefined && <div className={classes.notice}>{text}</div>}
      </div>
    </Context>
  );
};
