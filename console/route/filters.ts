/** The filters of a screen, kept in the URL: a reload and a link show the same rows. */
import { useCallback, useMemo } from "react";
import { go, useHashPath, useHashSearch } from "./hash";

export type Filters<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** @returns the filters that are set, and what changes them; undefined or "" takes one away. Others stay. */
export const useFilters = <Name extends string>(
  names: readonly Name[],
): [Filters<Name>, (changes: Partial<Record<Name, string | undefined>>) => void] => {
  const search = useHashSearch();
  const [path] = useHashPath();
  const known = names.join();
  const filters = useMemo(() => {
    const params = new URLSearchParams(search);
    const set = known.split(",").flatMap((name) => {
      const value = params.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    });
    return Object.fromEntries(set) as Filters<Name>;
  }, [search, known]);
  const change = useCallback(
    (changes: Partial<Record<Name, string | undefined>>) => {
      const params = new URLSearchParams(search);
      for (const [name, value] of Object.entries<string | undefined>(changes)) {
        if (value === undefined || value === "") params.delete(name);
        else params.set(name, value);
      }
      const next = params.toString();
      go(next === "" ? path : `${path}?${next}`, { replace: true });
    },
    [search, path],
  );
  return [filters, change];
};
