/** What was read, once it is there; until then a skeleton, and a problem if it failed. Old rows stay, marked as old. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import type { Failure } from "../api/failure";
import { Note } from "./Note";
import { Problem } from "./Problem";
import { Time } from "./Time";
import { Waiting } from "./Waiting";

export const Loaded = <Value,>({
  query,
  rows,
  children,
}: {
  readonly query: UseQueryResult<Value, Failure>;
  /** Lines of the skeleton. */
  readonly rows?: number;
  readonly children: (value: Value) => ReactNode;
}): ReactElement => {
  const { data, error, dataUpdatedAt } = query;
  const retry = () => {
    void query.refetch();
  };
  if (data === undefined) {
    if (error !== null) return <Problem error={error} retry={retry} />;
    return <Waiting {...(rows !== undefined && { rows })} />;
  }
  return (
    <>
      {error !== null && (
        <Note tone="waiting">
          Not up to date: read <Time at={new Date(dataUpdatedAt).toISOString()} />. {error.message}
        </Note>
      )}
      {children(data)}
    </>
  );
};
