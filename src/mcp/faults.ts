/**
 * Faults of a request that are found before the caller is known. They go into the admission as data: it counts them against the
 * caller's limits, records them, and tells them. A client without a valid key reads the same 401 whatever else is wrong.
 */
import { isObject, RpcError, type Params } from "../wire/jsonrpc";
import { admit } from "./admit";
import type { Call } from "../data/call";
import { clientOf } from "./call/call";
import { malformed } from "./call/malformed";
import { legacyEra } from "./eras/legacy";
import type { Incoming } from "./exchange";

/** The call of a faulty request, as far as it can be read. Another HTTP method than POST only opens or closes a connection. */
const callIn = (
  { request, receivedAt }: Incoming,
  value: unknown,
): Pick<Call, "method" | "receivedAt" | "client" | "minor"> => {
  const { method, params }: Params = isObject(value) ? value : {};
  return {
    method: typeof method === "string" ? method : `http/${request.method}`,
    receivedAt,
    client: clientOf(isObject(params) ? params : {}, request.headers),
    ...(request.method === "POST" ? {} : { minor: "handshake" }),
  };
};

/**
 * Has a fault told by the admission.
 *
 * @param error - whatever reading the request has thrown.
 * @param value - the faulty message, if the fault is not one of the whole request.
 * @throws RpcError for the fault, or for the refusal that the caller meets before it (such as 401, 429). Any other error is thrown
 * as it is.
 */
export const tellFault = async (
  incoming: Incoming,
  error: unknown,
  value?: unknown,
): Promise<never> => {
  if (!(error instanceof RpcError)) throw error;
  const era = legacyEra(new Headers());
  const call = { ...callIn(incoming, value), protocol: era.version, fault: malformed(error) };
  await admit(incoming, era, call);
  throw error;
};
