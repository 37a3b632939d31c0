/** The names of keys. */
import { useMemo } from "react";
import { useRun } from "./useRun";

/** As many as are read at once. Keys that are older than these are shown by their ids. */
const MAX_KEYS = 100;

/** The names of the newest keys, by id. They are read once for each look at a screen. */
export const useKeyNames = (): ReadonlyMap<string, string> => {
  const { data } = useRun("admin:listKeys", { limit: MAX_KEYS }, { every: 0 });
  return useMemo(() => new Map(data?.keys.map(({ keyId, name }) => [keyId, name])), [data]);
};
