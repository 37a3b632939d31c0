/**
 * Lets `jobs_get` ask what a job asks. A job may ask only after its call was answered; without an idempotency key its client has no other
 * call by which it could answer. The questions have the keys of a task, so an answer that comes twice answers nothing that was asked since.
 */
import type { Answers } from "../../asking/answers";
import { missingKinds } from "../../asking/asked";
import type { Asked } from "../../data/outcome";
import type { Exchange } from "../exchange";
import { patient, runMutation } from "../glue";
import { look } from "./followJob";

/** Whether the client of this request can be asked now. On a stream that means that the request stays open, in a place of its own. */
const isReachable = ({ era, notifier, streamLease }: Exchange): boolean =>
  !era.asksOnStream || (notifier !== undefined && streamLease !== undefined);

/** The questions of a job; undefined if there are none, or the client cannot answer them all. */
export const questionsFor = async (
  exchange: Exchange,
  jobId: string,
): Promise<Asked | undefined> => {
  const { can = [] } = exchange.call.input ?? {};
  if (can.length === 0 || !isReachable(exchange)) return undefined;
  const requests = (await look(patient(exchange), jobId))?.taskRequests;
  if (requests === undefined) return undefined;
  const asked: Asked = { state: "asked", requests };
  return missingKinds(asked, can).length === 0 ? asked : undefined;
};

/**
 * Hands the answers of this request to a job. Whether the caller may call its tool is not checked. It is tried several times, since a
 * person has answered.
 *
 * @returns whether there were any.
 */
export const answerJob = async (exchange: Exchange, jobId: string): Promise<boolean> => {
  const { call, principal } = exchange;
  if (call.input?.state === undefined) return false;
  const answers = JSON.parse(call.input.answers) as Answers;
  const responses = Object.fromEntries(
    Object.entries(answers).map(([key, { response }]) => [key, response]),
  );
  const answer = { jobId, principal, responses: JSON.stringify(responses) };
  await runMutation(patient(exchange), "jobs:answer", answer);
  return true;
};
