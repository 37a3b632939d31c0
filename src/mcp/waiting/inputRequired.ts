/** The result of a call that needs input before it can be done: MCP 2026-07-28 `InputRequiredResult`. */
import { digestsOf, type Answers } from "../../asking/answers";
import { missingKinds, requestsOf } from "../../asking/asked";
import { capabilitiesFor, type InputKind } from "../../asking/request";
import { boundTo, sealState } from "../../asking/requestState";
import type { Asked } from "../../data/outcome";
import { ErrorCode, invalidParams, RpcError } from "../../wire/jsonrpc";
import { failureResult } from "../callResult";
import type { Exchange } from "../exchange";

/**
 * What comes of a call whose questions stay without an answer, where a client is asked on its stream: a tool has failed.
 *
 * @throws RpcError -32602 for a prompt or a resource, which have no result that could say so.
 */
export const unanswered = ({ message: { method } }: Exchange, why: string): object => {
  if (method === "tools/call") return failureResult("not_answered", why);
  throw invalidParams(why);
};

/** @throws RpcError -32021 (HTTP 400) in the modern era */
const lacks = (exchange: Exchange, missing: readonly InputKind[]): object => {
  const why = `This call needs a client with the capability ${missing.join(", ")}.`;
  if (exchange.era.asksOnStream) return unanswered(exchange, why);
  throw new RpcError(ErrorCode.MissingClientCapability, why, {
    status: 400,
    data: { requiredCapabilities: capabilitiesFor(missing) },
  });
};

/**
 * What to tell a client whose call has stopped to ask: `InputRequired`, or what comes of it if the client cannot answer.
 *
 * @param jobId - the job that asks, if the call has become one.
 * @throws RpcError -32021 (HTTP 400) if it asks for what the client has not said it can answer.
 */
export const inputRequired = async (
  exchange: Exchange,
  asked: Asked,
  jobId?: string,
): Promise<object> => {
  const { call, principal, peppers } = exchange;
  const missing = missingKinds(asked, call.input?.can ?? []);
  if (missing.length > 0) return lacks(exchange, missing);
  const inputRequests = requestsOf(asked);
  const requestState = await sealState(peppers, {
    boundTo: await boundTo(principal, call),
    asked: await digestsOf(inputRequests),
    answers: JSON.parse(call.input?.answers ?? "{}") as Answers,
    jobId,
    nonce: call.input?.state?.nonce,
  });
  return { resultType: "input_required", inputRequests, requestState };
};
