/** A list of the deployment, page by page: the screen holds one page, however long the list is. */
import { useState } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Failure } from "./failure";
import type { FunctionName, Functions } from "./functions";
import { useRun } from "./useRun";

/** The functions that give a cursor for the page after. */
type Paged = {
  [Name in FunctionName]: Functions[Name]["value"] extends { nextCursor: string | null }
    ? Name
    : never;
}[FunctionName];

export interface Pages<Value> {
  readonly query: UseQueryResult<Value, Failure>;
  /** From 1. */
  readonly page: number;
  /** Absent on the last page. */
  readonly next?: () => void;
  /** Absent on the first page. */
  readonly previous?: () => void;
}

/** @param args - without the cursor. Other arguments begin at the first page. */
export const usePages = <Name extends Paged>(
  name: Name,
  args: Functions[Name]["args"],
  reading: Parameters<typeof useRun>[2] = {},
): Pages<Functions[Name]["value"]> => {
  const list = JSON.stringify([name, args]);
  const [at, setAt] = useState<{ list: string; cursors: readonly string[] }>({ list, cursors: [] });
  const cursors = at.list === list ? at.cursors : [];
  const cursor = cursors.at(-1);
  const query = useRun(name, { ...args, ...(cursor !== undefined && { cursor }) }, reading);
  const nextCursor = query.isPlaceholderData ? null : (query.data?.nextCursor ?? null);
  return {
    query,
    page: cursors.length + 1,
    ...(nextCursor !== null && {
      next: () => {
        setAt({ list, cursors: [...cursors, nextCursor] });
      },
    }),
    ...(cursors.length > 0 && {
      previous: () => {
        setAt({ list, cursors: cursors.slice(0, -1) });
      },
    }),
  };
};
