/** Whether the server answers, as the header says it. */
import { useSyncExternalStore } from "react";

export interface Link {
  /** When the last answer came, in ms since 1970; undefined before the first. */
  readonly answeredAt?: number;
  /** Whether the newest request got no answer. */
  readonly isLost: boolean;
}

let link: Link = { isLost: false };
const listeners = new Set<() => void>();

const set = (next: Link): void => {
  link = next;
  for (const listener of listeners) listener();
};

export const noteAnswer = (): void => {
  set({ answeredAt: Date.now(), isLost: false });
};

export const noteSilence = (): void => {
  set({ ...link, isLost: true });
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLink = (): Link => useSyncExternalStore(subscribe, () => link);
