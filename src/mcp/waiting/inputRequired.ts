/** The result of a call that needs input before it can be done: MCP 2026-07-28 `InputRequiredResult`. */
import { digestsOf, type Answers } from "../../asking/answers";
import { missingKinds, requestsOf } from "../../asking/asked";
import { capabilitiesFor, type InputRequests } from "../../asking/request";
import { boundTo, sealState } from "../../asking/requestState";
import { parsePeppers } from "../../auth/pepper";
import type { Asked } from "../../data/outcome";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import { leaveOf, type Exchange } from "../exchange";

export interface InputRequired {
  readonly resultType: "input_required";
  readonly inputRequests: InputRequests;
  readonly requestState: string;
}

export const isInputRequired = (result: object): result is InputRequired =>
  "resultType" in result && result.resultType === "input_required";

/** Thrown where a client is asked on its stream: the questions of a call stay without an answer. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

const lacks = (kinds: readonly string[]): string =>
  `This call needs a client with the capability ${kinds.join(", ")}.`;

/**
 * What to tell a client whose call has stopped to ask.
 *
 * @param jobId - the job that asks, if the call has become one.
 * @throws RpcError -32021 (HTTP 400) if it asks for what the client has not said it can answer.
 */
export const inputRequired = async (
  exchange: Exchange,
  asked: Asked,
  jobId?: string,
): Promise<InputRequired> => {
  const { call } = exchange.admitted;
  const missing = missingKinds(asked, call.input?.can ?? []);
  if (missing.length > 0) {
    if (exchange.era.asksOnStream) throw new Unanswered(lacks(missing));
    throw new RpcError(ErrorCode.MissingClientCapability, lacks(missing), {
      status: 400,
      data: { requiredCapabilities: capabilitiesFor(missing) },
    });
  }
  const inputRequests = requestsOf(asked);
  const requestState = await sealState(parsePeppers(exchange.server.peppers()), {
    boundTo: await boundTo(leaveOf(exchange).granted.principal, call),
    asked: await digestsOf(inputRequests),
    answers: JSON.parse(call.input?.answers ?? "{}") as Answers,
    jobId,
    nonce: call.input?.state?.nonce,
  });
  return { resultType: "input_required", inputRequests, requestState };
};
