/** Lets a call of `jobs_get` wait for its job, so that a model need not ask again and again, and pass on what the job asks. */
import type { Target } from "../../data/call";
import type { Asked, Ended } from "../../data/outcome";
import type { JobState } from "../../data/values";
import { RpcError } from "../../wire/jsonrpc";
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import { read } from "../methods/read";
import { endIfDead, look } from "./followJob";
import { answerJob, questionsFor } from "./jobQuestions";
import type { Pause } from "./pace";
import { pollUntil } from "./poll";

/** The pause between two looks, in milliseconds. Each is a billed call; this gives some 20 in 40 s. */
const pause: Pause = (waitedMs) => Math.min(3_000, 500 + waitedMs / 4);

/** Whether a job goes on by itself: it has neither ended nor asked, and waits for no person, who may take a day. */
const goesOn = ({ state }: { readonly state: JobState }): boolean =>
  state === "queued" || state === "working";

type Shown = { readonly jobId: string; readonly state: JobState };

/** The job that was shown; undefined if there is none. */
const jobIn = (shown: Ended | Asked): Shown | undefined =>
  shown.state === "succeeded" && shown.result !== null
    ? (JSON.parse(shown.result) as Shown)
    : undefined;

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

/** Waits for a job that goes on, if the request has a place to wait in. An error that nobody expected ends the waiting, and is logged. */
const wait = async (exchange: Exchange, job: Shown | undefined): Promise<boolean> => {
  const { streamLease, call } = exchange;
  if (streamLease === undefined || call.stream == null) return false;
  if (job === undefined || !goesOn(job)) return false;
  try {
    await untilItRests(exchange, job.jobId, call.stream.endsAt);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    logInternalError(error);
  }
  return true;
};

/**
 * Shows a job: at once if there was no place for the request to wait, or if there is nothing to wait for; otherwise once the job has
 * ended or asks, or the time is up. To leave meanwhile cancels nothing. The answers that the request brings reach the job first.
 *
 * @param args - of the call, as JSON text.
 * @returns the job, or what it asks if the client can answer that.
 * @throws RpcError 401 once the key is revoked or expired, and as `read` does.
 */
export const showJob = async (
  exchange: Exchange,
  target: Target,
  args: string,
): Promise<Ended | Asked> => {
  const again = () => read(exchange, target, args);
  let shown = await again();
  const first = jobIn(shown);
  if (first?.state === "input_required" && (await answerJob(exchange, first.jobId)))
    shown = await again();
  if (await wait(exchange, jobIn(shown))) shown = await again();
  const job = jobIn(shown);
  if (job?.state !== "input_required") return shown;
  return (await questionsFor(exchange, job.jobId)) ?? shown;
};
