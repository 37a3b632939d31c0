/** Whether the server takes this tab's token. */
import { useSyncExternalStore } from "react";
import { dropToken, readToken } from "./token";

let refused = false;
const listeners = new Set<() => void>();

/** Notes that the server refused the token. */
export const noteRefusal = (): void => {
  dropToken();
  refused = true;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** `none`: this tab never had a token. `refused`: its token is of another start of the server. */
export const useAccess = (): "granted" | "none" | "refused" =>
  useSyncExternalStore(subscribe, () => {
    if (refused) return "refused";
    return readToken() === undefined ? "none" : "granted";
  });
