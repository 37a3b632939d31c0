/** Reads the call of `subscriptions/listen`. */
import { checkAcceptsStream } from "../../wire/mediaTypes";
import type { Asks } from "../exchange";
import { filterOf } from "../revision/listenFilter";
import { staysOpen } from "./stream";

/** The call stays open, so it needs a stream lease. Faults of the request are thrown here, before it takes one. */
export const listenCall: Asks = ({ method, params }, incoming) => {
  checkAcceptsStream(incoming.request.headers, method);
  filterOf(params);
  return staysOpen("listening", incoming);
};
