/** The overview: counted when somebody looks, and then read. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Failure } from "../../api/failure";
import { pace } from "../../api/idle";
import { run } from "../../api/run";
import type { Overview, Span } from "../../api/shapes";

const EVERY = 15_000;

/** While a long log is counted, a part at a time. */
const SOON = 1_500;

/** What is counted, and whether more of the log is being counted. */
export interface Counted {
  readonly overview: Overview;
  readonly isBehind: boolean;
}

/** What is counted already can be read even if the rest cannot be counted now. */
const read = async (span: Span, signal: AbortSignal): Promise<Counted> => {
  const folded = await run("admin:foldStats", {}, signal).catch(() => undefined);
  const overview = await run("admin:overview", { span }, signal);
  return { overview, isBehind: folded?.hasMore ?? false };
};

export const useOverview = (span: Span): UseQueryResult<Counted, Failure> =>
  useQuery<Counted, Failure>({
    queryKey: ["overview", span],
    queryFn: ({ signal }) => read(span, signal),
    refetchInterval: ({ state: { data } }) => pace(data?.isBehind === true ? SOON : EVERY),
  });
