/** Keeps the stream lease of a request while it waits. */
import { LEASE_MS } from "../../middleware/streamBudget";
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import { patient, runMutation } from "../glue";

/** The part of a lease after which it is renewed. If that fails, each later look tries it again until the lease has run out. */
export const RENEW_AFTER = 0.75;

/** Returns whether it could. A failure is logged. */
const update = async (exchange: Exchange, endsAt?: number): Promise<boolean> => {
  const { streamLease } = exchange;
  if (streamLease === undefined) return true;
  const renewal = { streamLease, ...(endsAt === undefined ? {} : { endsAt }) };
  try {
    await runMutation(exchange, "jobs:renewLease", renewal);
    return true;
  } catch (error) {
    logInternalError(error);
    return false;
  }
};

/**
 * Makes a function that renews the lease if the last renewal is old enough, and if the lease would not last until `deadline` anyway.
 *
 * @param deadline - when the waiting ends, in milliseconds since 1970.
 */
export const streamLeaseKeeper = (exchange: Exchange, deadline: number): (() => Promise<void>) => {
  const lasts = LEASE_MS[exchange.call.stream?.purpose ?? "work"];
  let renewedAt = exchange.receivedAt;
  return async () => {
    const isYoung = Date.now() - renewedAt < RENEW_AFTER * lasts;
    if (isYoung || renewedAt + lasts > deadline) return;
    const now = Date.now();
    if (await update(exchange, deadline)) renewedAt = now;
  };
};

/**
 * Gives the lease back once the request is answered. It is tried several times, since a lease that stays takes one of the few places of its
 * key. If that fails too, the failure is logged and the lease runs out by itself.
 */
export const releaseStreamLease = async (exchange: Exchange): Promise<void> => {
  await update(patient(exchange));
};
