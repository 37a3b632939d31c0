/** A field that says what was typed once nobody has typed for a moment: each value may cost a question to the deployment. */
import { useEffect, useRef, useState } from "react";

const QUIET = 300;

/**
 * @param value - from outside, such as the URL.
 * @param settle - gets what was typed.
 * @returns what the field shows, and what the field calls.
 */
export const useSettled = (
  value: string,
  settle: (value: string) => void,
): [string, (typed: string) => void] => {
  const [typed, setTyped] = useState<string>();
  const newest = useRef(settle);
  useEffect(() => {
    newest.current = settle;
  });
  useEffect(() => {
    if (typed === undefined) return undefined;
    const timer = setTimeout(() => {
      setTyped(undefined);
      newest.current(typed);
    }, QUIET);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  return [typed ?? value, setTyped];
};
