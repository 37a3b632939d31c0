/** Keeps the stream lease of a request while it waits. */
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import { runMutation } from "../glue";

/** The milliseconds between two renewals. */
const RENEW_MS = 20_000;

const update = async (exchange: Exchange, open: boolean): Promise<void> => {
  const { streamLease } = exchange;
  if (streamLease === undefined) return;
  await runMutation(exchange, "jobs:renewLease", { streamLease, open }).catch(logInternalError);
};

/** Makes a function that renews the lease if the last renewal is old enough. A failure is logged, and the next renewal makes up for it. */
export const streamLeaseKeeper = (exchange: Exchange): (() => Promise<void>) => {
  let renewedAt = Date.now();
  return async () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    await update(exchange, true);
  };
};

/** Gives the lease back once the request is answered. If that fails, the failure is logged and the lease runs out by itself. */
export const releaseStreamLease = (exchange: Exchange): Promise<void> => update(exchange, false);
