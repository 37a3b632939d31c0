/**
 * Where the person is: in the hash, as `#/audit?tool=orders_create`. The filters belong to the screen and go with it.
 *
 * wouter has a hook for the hash, but writes what follows `?` in front of it, where it would outlive the screen.
 */
import { useSyncExternalStore } from "react";
import { navigate as navigateHash } from "wouter/use-hash-location";

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener("hashchange", changed);
  return () => {
    window.removeEventListener("hashchange", changed);
  };
};

const place = (): readonly [path: string, search: string] => {
  const [path = "", search = ""] = window.location.hash.replace(/^#?\/?/, "").split("?");
  return [`/${path}`, search];
};

/** Goes to a path, with or without filters: `/audit?tool=orders_create`. */
export const go = (to: string, { replace = false }: { readonly replace?: boolean } = {}): void => {
  const [path = "", search = ""] = to.split("?");
  if (search === "") {
    navigateHash(path, { replace });
    return;
  }
  const hash = `#${path}?${search}`;
  if (!replace) {
    window.location.hash = hash;
    return;
  }
  window.history.replaceState(null, "", hash);
  window.dispatchEvent(new Event("hashchange"));
};

/** The location hook of wouter's router. */
export const useHashPath = (): [string, typeof go] => [
  useSyncExternalStore(subscribe, () => place()[0]),
  go,
];
useHashPath.hrefs = (href: string): string => `#${href}`;

/** The search hook of wouter's router. */
export const useHashSearch = (): string => useSyncExternalStore(subscribe, () => place()[1]);
