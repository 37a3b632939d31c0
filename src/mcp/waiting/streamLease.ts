/** Keeps the stream lease of a request while it waits. */
import { LEASE_MS } from "../../middleware/streamBudget";
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import { runMutation } from "../glue";

/** The part of a lease after which it is renewed: a renewal may fail once. */
const RENEW_AFTER = 0.44;

const update = async (exchange: Exchange, endsAt?: number): Promise<void> => {
  const { streamLease } = exchange;
  if (streamLease === undefined) return;
  const renewal = { streamLease, ...(endsAt === undefined ? {} : { endsAt }) };
  await runMutation(exchange, "jobs:renewLease", renewal).catch(logInternalError);
};

/**
 * Makes a function that renews the lease if the last renewal is old enough, and if the lease would not last until `deadline` anyway. A
 * failure is logged, and the next renewal makes up for it.
 *
 * @param deadline - when the waiting ends, in milliseconds since 1970.
 */
export const streamLeaseKeeper = (exchange: Exchange, deadline: number): (() => Promise<void>) => {
  const lasts = LEASE_MS[exchange.call.stream?.purpose ?? "work"];
  let renewedAt = exchange.receivedAt;
  return async () => {
    const isYoung = Date.now() - renewedAt < RENEW_AFTER * lasts;
    if (isYoung || renewedAt + lasts > deadline) return;
    renewedAt = Date.now();
    await update(exchange, deadline);
  };
};

/** Gives the lease back once the request is answered. If that fails, the failure is logged and the lease runs out by itself. */
export const releaseStreamLease = (exchange: Exchange): Promise<void> => update(exchange);
