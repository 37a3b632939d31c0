/** The functions of the deployment, as hooks. */
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { Failure } from "./failure";
import type { FunctionName, Functions } from "./functions";
import { pace } from "./idle";
import { run } from "./run";

interface Reading {
  /** How often to look again, in ms; absent: 10 s. A hidden tab does not look. 0: only when asked, so not either when the tab is seen again. */
  readonly every?: number;
  readonly enabled?: boolean;
}

/** Reads, and looks again. Old rows stay while new ones come, and if they fail to come. */
export const useRun = <Name extends FunctionName>(
  name: Name,
  args: Functions[Name]["args"],
  { every = 10_000, enabled = true }: Reading = {},
): UseQueryResult<Functions[Name]["value"], Failure> =>
  useQuery<Functions[Name]["value"], Failure>({
    queryKey: [name, args],
    queryFn: ({ signal }) => run(name, args, signal),
    refetchInterval: every === 0 ? false : () => pace(every),
    refetchOnWindowFocus: every !== 0,
    refetchOnReconnect: every !== 0,
    placeholderData: keepPreviousData,
    enabled,
  });

/** Does something once it is told to, after which all that is on the screen is read anew. It is never repeated by itself. */
export const useAct = <Name extends FunctionName>(
  name: Name,
): UseMutationResult<Functions[Name]["value"], Failure, Functions[Name]["args"]> => {
  const client = useQueryClient();
  return useMutation<Functions[Name]["value"], Failure, Functions[Name]["args"]>({
    mutationFn: (args) => run(name, args),
    // A secret in an answer must not outlive the dialog that shows it.
    gcTime: 0,
    onSettled: () => {
      void client.invalidateQueries();
    },
  });
};
