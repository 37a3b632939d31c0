/** The time now, for all that says how long ago something was: one timer for the page. */
import { useSyncExternalStore } from "react";

const EVERY = 5_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

const tick = (): void => {
  now = Date.now();
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  timer ??= setInterval(tick, EVERY);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
};

/** In ms since 1970. It moves every five seconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
