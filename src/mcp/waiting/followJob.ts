/** Waits for a job in the request that has started or joined it. */
import type { Asked, Ended, Started } from "../../data/outcome";
import type { Progress } from "../../data/values";
import { outcomeOf } from "../../data/jobState";
import type { Watched } from "../../jobs/read";
import type { Exchange } from "../exchange";
import { patient, runMutation, runQuery } from "../glue";
import { pollUntil } from "./poll";

/** The end of the job, its questions, or its progress when the waiting ends. */
export type Followed =
  | { readonly ended: Ended; readonly approval: Watched["approval"] }
  | { readonly asked: Asked }
  | { readonly running: Progress | undefined };

/** Reads a job for the caller of this request; null if the caller has no such job. */
export const look = (exchange: Exchange, jobId: string): Promise<Watched | null> =>
  runQuery(exchange, "jobs:watch", { jobId, principal: exchange.principal });

const lookAtOwn = async (exchange: Exchange, jobId: string): Promise<Watched> => {
  const seen = await look(exchange, jobId);
  if (seen === null) throw new Error("A job that was started is gone");
  return seen;
};

/** Ends a job whose lease has run out, at once. Its watchdog may have to wait until Convex has capacity. */
export const endIfDead = async (exchange: Exchange, jobId: string, { leaseUntil }: Watched) => {
  if (Date.now() > leaseUntil) await runMutation(exchange, "jobs:expire", { jobId });
};

/** Polls until the job has ended or asks, the time is up, or the client has left. */
const waitFor = async (exchange: Exchange, jobId: string): Promise<Followed> => {
  const { call, receivedAt, notifier } = exchange;
  let running: Progress | undefined;
  const found = await pollUntil<Watched, Followed>(exchange, {
    deadline: call.stream?.endsAt ?? receivedAt,
    look: () => lookAtOwn(exchange, jobId),
    markOf: ({ updatedAt }) => updatedAt,
    find: async (seen) => {
      running = seen.progress;
      for (const event of seen.events) notifier?.tell(event);
      if (seen.requests !== undefined)
        return { asked: { state: "asked", requests: seen.requests } };
      const ended = outcomeOf(seen);
      if (ended !== undefined) return { ended, approval: seen.approval };
      await endIfDead(exchange, jobId, seen);
      return undefined;
    },
  });
  return found ?? { running };
};

/**
 * Waits for a job, until the call must be answered: see patience.ts.
 *
 * If the client leaves in an era where closing the stream cancels, it cancels the job, unless another request has joined the job
 * since.
 *
 * @returns the end of the job, its questions, or its progress.
 * @throws RpcError 401 once the key is revoked or expired.
 */
export const follow = async (
  exchange: Exchange,
  { jobId, watcher }: Started,
): Promise<Followed> => {
  const { era, request, principal } = exchange;
  const followed = await waitFor(exchange, jobId);
  if (request.signal.aborted && era.closingCancels && "running" in followed) {
    await runMutation(patient(exchange), "jobs:cancel", { jobId, principal, watcher });
  }
  return followed;
};
