/** What ends with a key or a connection, as people say it. */
import type { WhatEnds } from "../api/shapes";

/** At so many the deployment stops to count. */
const MOST = 100;

const counted = (count: number, one: string, many: string): string[] => {
  if (count === 0) return [];
  return [count === 1 ? `1 ${one}` : `${count >= MOST ? `${MOST} or more` : count} ${many}`];
};

/** `2 streams, 1 running job and 3 calls that wait for approval`; undefined if nothing ends but the thing itself. */
export const endsText = ({
  connections,
  streams,
  jobs,
  approvals,
}: WhatEnds): string | undefined => {
  const parts = [
    ...counted(connections, "connection", "connections"),
    ...counted(streams, "open stream", "open streams"),
    ...counted(jobs, "running job", "running jobs"),
    ...counted(approvals, "call that waits for approval", "calls that wait for approval"),
  ];
  const last = parts.pop();
  if (last === undefined) return undefined;
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
};
