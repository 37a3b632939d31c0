/** The keys: `g` and a letter go to a screen, `/` to the first filter, `?` shows all of them. None of them decides or ends anything. */
import { Kbd } from "@mantine/core";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { isTyping } from "../parts/typing";
import { go } from "../route/hash";
import { SCREENS } from "./screens";
import classes from "./Shortcuts.module.css";

/** How long `g` waits for its letter, in ms. */
const PATIENCE = 1_500;

const focusSearch = (): void => {
  document.querySelector<HTMLElement>("#main [data-search], #main [type=search]")?.focus();
};

/** A field of the page; those of a dialog close with it. */
const leaveField = ({ target }: KeyboardEvent): void => {
  if (target instanceof HTMLElement && target.matches("#main [data-search], #main [type=search]"))
    target.blur();
};

const LINES: readonly (readonly [keys: readonly string[], does: string])[] = [
  ...SCREENS.map(({ letter, title }) => [["g", letter], title] as const),
  [["/"], "First filter"],
  [["j"], "Next row"],
  [["k"], "Row before"],
  [["Enter"], "Open the row"],
  [["Esc"], "Close"],
  [["?"], "These shortcuts"],
];

export const Shortcuts = (): ReactElement | null => {
  const [isShown, setIsShown] = useState(false);
  const pressedG = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === "Escape") leaveField(event);
      if (isTyping(event)) return;
      const isAfterG = Date.now() - pressedG.current < PATIENCE;
      pressedG.current = event.key === "g" ? Date.now() : 0;
      const screen = SCREENS.find(({ letter }) => letter === event.key);
      if (isAfterG && screen !== undefined) {
        // The rows of a table must not move for the letter of a screen.
        event.stopImmediatePropagation();
        go(screen.path);
      } else if (event.key === "/") {
        event.preventDefault();
        focusSearch();
      } else if (event.key === "?") setIsShown(true);
    };
    document.addEventListener("keydown", press, { capture: true });
    return () => {
      document.removeEventListener("keydown", press, { capture: true });
    };
  }, []);
  if (!isShown) return null;
  return (
    <Dialog
      title="Shortcuts"
      close={() => {
        setIsShown(false);
      }}
    >
      <dl className={classes.list}>
        {LINES.map(([keys, does]) => (
          <div key={does} className={classes.line}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
};
