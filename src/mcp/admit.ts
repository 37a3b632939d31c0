/** The dispatcher's side of the admission: asks the `admit` mutation for leave, and throws its denial. */
import type { Call } from "../data/call";
import { failed } from "../data/outcome";
import type { Denial } from "../middleware/guard";
import { RpcError, type JsonRpcMessage } from "../wire/jsonrpc";
import { callOf } from "./call/call";
import type { Admitted, Era, Incoming } from "./exchange";
import { orBusy } from "./overload";

/** The reply for a resource that is none for this caller; the code has changed with the eras. */
export const resourceNotFound = (code: number, uri: string): RpcError =>
  new RpcError(code, "Resource not found", { data: { uri } });

const toError = ({ code, message, status, headers, withId, data }: Denial): RpcError =>
  new RpcError(code, message, {
    status,
    ...(headers === undefined ? {} : { headers }),
    ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
    withoutId: withId !== true,
  });

/**
 * Asks for leave, in one mutation that also runs a mutation tool.
 *
 * @param stated - what the caller knows better of the call than the message says.
 * @returns what was granted. Arguments that the caller's key does not allow come back as a failed outcome.
 * @throws RpcError for any other denial (401, 429, unknown tool), for a `tools/call` without a name (-32602).
 */
export const admit = async (
  { ctx, request, server }: Incoming,
  era: Era,
  message: JsonRpcMessage,
  stated: Partial<Call> = {},
): Promise<Admitted> => {
  const call = { ...(await callOf(message, request, server, era)), ...stated };
  const admission = await orBusy(
    ctx.runMutation(server.functions.gate.admit, { evidence: ctx.evidence, call }),
  );
  if (!("denial" in admission)) {
    const { outcome } = admission;
    return { call, leave: admission, ...(outcome === undefined ? {} : { outcome }) };
  }
  const { denial } = admission;
  if (denial.toRetry === true) return { outcome: failed("not_allowed", denial.message), call };
  throw denial.missing === undefined
    ? toError(denial)
    : resourceNotFound(era.resourceNotFound, denial.missing);
};
