/** The key that somebody has pasted for the playground: in the memory of this tab alone. A reload forgets it. */
import { useSyncExternalStore } from "react";

/** Without the checksum: the endpoint says what is wrong with a key. Its middle is the public id. */
const FORM = /^cvxmcp_(?:live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z]+$/;

let pasted: string | undefined;
const listeners = new Set<() => void>();

const set = (key: string | undefined): void => {
  pasted = key;
  for (const listener of listeners) listener();
};

/** @returns false if the text has not the form of a key; then it is not kept. */
export const pasteKey = (text: string): boolean => {
  const key = text.trim();
  if (!FORM.test(key)) return false;
  set(key);
  return true;
};

export const forgetKey = (): void => {
  set(undefined);
};

export const pastedKey = (): string | undefined => pasted;

const idOf = (): string | undefined => (pasted === undefined ? undefined : FORM.exec(pasted)?.[1]);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The public id of the pasted key: all that the page ever shows of it. */
export const usePastedKeyId = (): string | undefined => useSyncExternalStore(subscribe, idOf);
