/** Writes the result of a call that needs input before it can run: MCP 2026-07-28 `InputRequiredResult`. */
import { questionsOf, type Answers } from "../../asking/answers";
import { missingKinds, requestsOf } from "../../asking/asked";
import { shownRequests } from "../../asking/misfit";
import { capabilitiesFor, type InputKind } from "../../asking/request";
import { boundTo, sealState } from "../../asking/requestState";
import { readPeppers } from "../../auth/pepper";
import type { Asked } from "../../data/outcome";
import { ErrorCode, invalidParams, RpcError } from "../../wire/jsonrpc";
import { failureResult } from "../callResult";
import type { Exchange } from "../exchange";
import { ofCall } from "../operation";

/**
 * The result of a tool call whose questions get no answer, where the client is asked on its stream: the tool has failed.
 *
 * @param why - the reason, as the model reads it.
 * @throws RpcError -32602 for a prompt or resource, which have no result that could say so.
 */
export const unanswered = (exchange: Exchange, why: string): object => {
  if (exchange.message.method === "tools/call")
    return ofCall(failureResult("not_answered", why), exchange);
  throw invalidParams(why);
};

const UNATTENDED =
  "This call has to ask a user, and this API key is for an agent without one. Nobody was asked.";

/**
 * The result for a client that cannot answer.
 *
 * @throws RpcError -32021 (HTTP 400) in the modern era if the key is not for an agent without a user, -32602 for a prompt or resource in the legacy era.
 */
const lacks = (exchange: Exchange, missing: readonly InputKind[]): object => {
  if (exchange.rights.unattended === true) return unanswered(exchange, UNATTENDED);
  const why = `This call needs a client with the capability ${missing.join(", ")}.`;
  if (exchange.era.asksOnStream) return unanswered(exchange, why);
  throw new RpcError(ErrorCode.MissingClientCapability, why, {
    status: 400,
    data: { requiredCapabilities: capabilitiesFor(missing) },
  });
};

/**
 * The result for a call that has stopped to ask: `InputRequired`, or a failed tool if a 2025 client cannot answer.
 *
 * @param jobId - the job that asks, if the call runs as one.
 * @throws RpcError -32021 (HTTP 400) if the client has not declared that it can answer; -32602 for a prompt or resource of a 2025
 * client.
 */
export const inputRequired = async (
  exchange: Exchange,
  asked: Asked,
  jobId?: string,
): Promise<object> => {
  const { call, principal } = exchange;
  const missing = missingKinds(asked, call.input?.can ?? []);
  if (missing.length > 0) return lacks(exchange, missing);
  const requests = requestsOf(asked);
  const requestState = await sealState(readPeppers(), {
    boundTo: await boundTo(principal, call),
    asked: await questionsOf(requests),
    answers: JSON.parse(call.input?.answers ?? "{}") as Answers,
    jobId,
    nonce: call.input?.state?.nonce,
  });
  return { resultType: "input_required", inputRequests: shownRequests(requests), requestState };
};
