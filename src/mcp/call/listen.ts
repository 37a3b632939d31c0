/** What a stream of changes asks leave for. */
import { checkAcceptsStream } from "../../wire/accept";
import type { Asks } from "../exchange";
import { filterOf } from "../revision/listenFilter";

/** It stays open. What is wrong with its request is said before it takes a lease. */
export const listenCall: Asks = ({ method, params }, { request: { headers } }) => {
  checkAcceptsStream(headers, method);
  filterOf(params);
  return { wantsStreamLease: true };
};
