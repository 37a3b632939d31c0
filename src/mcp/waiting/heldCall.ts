/**
 * Answers a call that somebody must approve, at once. Nobody decides within the seconds that a request may stay open, and each that stays
 * open takes a place.
 */
import { waitingText } from "../../data/jobState";
import type { Started } from "../../data/outcome";
import type { Exchange } from "../exchange";
import { patient, runMutation } from "../glue";

/** What the model should do, by what the caller can do to learn the end of the call. */
const toDo = (jobId: string, readTool: string | undefined, hasKey: boolean): string => {
  if (readTool !== undefined)
    return `Do not call it again and do not look for another way. Tell the user; later call ${readTool} with {"jobId":"${jobId}"}.`;
  return hasKey
    ? "Do not look for another way. Tell the user; later, and only with the same idempotencyKey, call it again to learn what became of it."
    : "Do not call it again and do not look for another way. Tell the user; later read the data to see whether it was done.";
};

/**
 * The result of a call that waits. It is no error: the call was taken. Some clients show the model the structured content alone, so that
 * says all of it too. Its schema is `jobSchema` of the catalog.
 *
 * @param readTool - the tool that shows a job, if the caller may use it.
 * @param hasKey - whether the call had an idempotency key. Then a second call with the key joins the job.
 */
const heldResult = (
  jobId: string,
  says: string,
  readTool: string | undefined,
  hasKey: boolean,
): object => {
  const next = `${says} ${toDo(jobId, readTool, hasKey)}`;
  return {
    content: [{ type: "text", text: next }],
    structuredContent: { jobId, state: "awaiting_approval", next },
  };
};

/**
 * Tells a client without tasks that its call waits.
 *
 * If the client has left, in an era where closing the stream cancels, it withdraws the call, unless another request has joined it since.
 *
 * @param readTool - the tool that shows a job, if the caller may use it.
 */
export const tellHeld = async (
  exchange: Exchange,
  { jobId, watcher }: Started,
  awaits: NonNullable<Started["awaits"]>,
  readTool: string | undefined,
): Promise<object> => {
  const { notifier, call, request, era, principal } = exchange;
  const says = waitingText(awaits);
  notifier?.tell({ seq: 0, progress: { done: 0, message: says } });
  if (request.signal.aborted && era.closingCancels)
    await runMutation(patient(exchange), "jobs:cancel", { jobId, principal, watcher });
  return heldResult(jobId, says, readTool, call.idempotencyKey !== undefined);
};
