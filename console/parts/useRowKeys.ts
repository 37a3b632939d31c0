/** `j` and `k` go through the rows of a table. */
import { useEffect, type RefObject } from "react";
import { isTyping } from "./typing";

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, k: -1 };

/** @param body - whose rows have a button with `data-row` each. */
export const useRowKeys = (body: RefObject<HTMLElement | null>): void => {
  useEffect(() => {
    const move = (event: KeyboardEvent): void => {
      const step = STEPS[event.key];
      if (step === undefined || isTyping(event)) return;
      const buttons = [...(body.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
      const at = buttons.findIndex((button) => button === document.activeElement);
      const next = at === -1 ? (step === 1 ? 0 : buttons.length - 1) : at + step;
      buttons[next]?.focus();
    };
    document.addEventListener("keydown", move);
    return () => {
      document.removeEventListener("keydown", move);
    };
  }, [body]);
};
