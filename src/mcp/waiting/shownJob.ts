/** Lets a call of `jobs_get` wait for its job, so that a model need not ask again and again. */
import type { Target } from "../../data/call";
import type { Asked, Ended } from "../../data/outcome";
import type { JobState } from "../../data/values";
import { RpcError } from "../../wire/jsonrpc";
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import { read } from "../methods/read";
import { endIfDead, look } from "./followJob";
import type { Pause } from "./pace";
import { pollUntil } from "./poll";

/** The pause between two looks, in milliseconds. Each is a billed call; this gives some 20 in 40 s. */
const pause: Pause = (waitedMs) => Math.min(3_000, 500 + waitedMs / 4);

/** Whether a job goes on by itself: it has neither ended nor asked, and waits for no person, who may take a day. */
const goesOn = ({ state }: { readonly state: JobState }): boolean =>
  state === "queued" || state === "working";

/** The id of a job that was shown and goes on; undefined if there is nothing to wait for. */
const waitedFor = (shown: Ended | Asked): string | undefined => {
  if (shown.state !== "succeeded" || shown.result === null) return undefined;
  const job = JSON.parse(shown.result) as { jobId: string; state: JobState };
  return goesOn(job) ? job.jobId : undefined;
};

/** Waits until the job has ended or asks, the time is up, or the client has left. Its progress is told. */
const untilItRests = (exchange: Exchange, jobId: string, deadline: number) =>
  pollUntil(exchange, {
    deadline,
    // An operator's stop of what writes stops no reading: the job is shown as it is.
    look: async () => {
      const seen = await look(exchange, jobId);
      return { seen, isKeyValid: seen?.isKeyValid !== false, isStopped: false };
    },
    find: async ({ seen }) => {
      if (seen === null || seen.isStopped || !goesOn(seen)) return true;
      exchange.notifier?.tell({ seq: 0, ...(seen.progress && { progress: seen.progress }) });
      await endIfDead(exchange, jobId, seen);
      return undefined;
    },
    pause,
  });

/**
 * Shows a job: at once if there was no place for the request to wait, or if there is nothing to wait for; otherwise once the job has
 * ended or asks, or the time is up. To leave meanwhile cancels nothing.
 *
 * @param args - of the call, as JSON text.
 * @throws RpcError 401 once the key is revoked or expired, and as `read` does.
 */
export const showJob = async (
  exchange: Exchange,
  target: Target,
  args: string,
): Promise<Ended | Asked> => {
  const { streamLease, call } = exchange;
  const shown = await read(exchange, target, args);
  if (streamLease === undefined || call.stream == null) return shown;
  const jobId = waitedFor(shown);
  if (jobId === undefined) return shown;
  try {
    await untilItRests(exchange, jobId, call.stream.endsAt);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    logInternalError(error);
  }
  return read(exchange, target, args);
};
