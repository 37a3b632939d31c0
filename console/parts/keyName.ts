/** A key by name, where it is known. */
import { useMemo } from "react";
import { useRun } from "../api/useRun";
import { visibleLine } from "../text/plain";

/** The name with the end of the id, since names are not unique; without a name the id. */
export const keyText = (keyId: string, name: string | undefined): string =>
  name === undefined ? keyId : `${visibleLine(name)} (…${keyId.slice(-4)})`;

/** As many as are read at once. Keys that are older than these are shown by their ids. */
const MAX_KEYS = 100;

/** The newest keys, by id. They are read once for each look at a screen. */
export const useKeyNames = (): ReadonlyMap<string, string> => {
  const { data } = useRun("admin:listKeys", { limit: MAX_KEYS }, { every: 0 });
  return useMemo(() => new Map(data?.keys.map(({ keyId, name }) => [keyId, name])), [data]);
};
