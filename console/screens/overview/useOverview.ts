/** The overview: counted when somebody looks, and then read. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Failure } from "../../api/failure";
import { pace } from "../../api/idle";
import { run } from "../../api/run";
import type { Overview, Span } from "../../api/shapes";

const EVERY = 15_000;

/** While a long log is counted, a part at a time. */
const SOON = 1_500;

/** What is counted is as new as can be if it is not older than this, in ms. */
const BEHIND = 90_000;

/** Whether a part of the log is still to be counted. */
export const isBehind = ({ foldedTo, to }: Pick<Overview, "foldedTo" | "to">): boolean =>
  Date.parse(to) - Date.parse(foldedTo) > BEHIND;

/** What is counted already can be read even if the rest cannot be counted now. */
const read = async (span: Span, signal: AbortSignal): Promise<Overview> => {
  await run("admin:foldStats", {}, signal).catch(() => undefined);
  return run("admin:overview", { span }, signal);
};

export const useOverview = (span: Span): UseQueryResult<Overview, Failure> =>
  useQuery<Overview, Failure>({
    queryKey: ["overview", span],
    queryFn: ({ signal }) => read(span, signal),
    refetchInterval: ({ state: { data } }) => pace(data && isBehind(data) ? SOON : EVERY),
  });
