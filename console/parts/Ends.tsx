/** Says what ends with a key or a connection: the body of the dialog that asks. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Failure } from "../api/failure";
import type { WhatEnds } from "../api/shapes";
import { endsText } from "./endsText";
import { Loaded } from "./Loaded";
import { Note } from "./Note";
import { Time } from "./Time";

export const Ends = ({
  query,
}: {
  readonly query: UseQueryResult<WhatEnds, Failure>;
}): ReactElement => (
  <Loaded query={query} rows={2}>
    {(ends) => {
      const what = endsText(ends);
      return (
        <Note tone={what === undefined ? "plain" : "waiting"}>
          {what === undefined ? "Nothing runs by it now." : `Ends now, for good: ${what}.`} Last
          used: <Time at={ends.lastUsedAt} />.
        </Note>
      );
    }}
  </Loaded>
);
