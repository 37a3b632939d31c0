/** Looking again and again, in a request that stays open. */
import { INVALID_KEY } from "../../auth/challenge";
import { sleepUnless } from "../../base/sleep";
import { RpcError } from "../../wire/jsonrpc";
import type { Exchange } from "../exchange";
import type { Toolgate } from "../../registry/toolgate";
import { streamLeaseKeeper } from "./streamLease";

/** How long a stream may last, in seconds. */
export const streamSecondsOf = ({ streamSeconds = 300 }: Toolgate): number => streamSeconds;

/** What ends a request that waits once its key is revoked or expires. */
const keyNoLongerValid = () =>
  new RpcError(401, "The API key was revoked or has expired", {
    status: 401,
    headers: INVALID_KEY,
  });

/** Quick at first, slower later: about 130 looks in 5 minutes, each a billed call that Convex answers from its cache. */
const growingPause = (waitedMs: number): number => Math.min(3_000, 250 + waitedMs / 20);

const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", resolve);
  });

/** How many looks may fail in a row. */
const MAX_FAILURES = 5;

/** A look that forgives a few failures in a row: undefined for those. */
const tolerant = <Seen>(look: () => Promise<Seen>): (() => Promise<Seen | undefined>) => {
  let failures = 0;
  return async () => {
    try {
      const seen = await look();
      failures = 0;
      return seen;
    } catch (error) {
      failures++;
      if (failures >= MAX_FAILURES) throw error;
      return undefined;
    }
  };
};

/** What to look at, and for how long. */
interface Polling<Seen, Found> {
  /** In milliseconds since 1970. */
  readonly deadline: number;
  /** Looks once, at data that says whether the caller's key is still valid. A few failures in a row are forgiven. */
  readonly look: () => Promise<Seen>;
  /** What the looking is for; undefined while it is not there yet. */
  readonly find: (seen: Seen) => Promise<Found | undefined> | Found | undefined;
  /** Milliseconds between looks, after so many of waiting. */
  readonly pauseAfter?: (waitedMs: number) => number;
}

/**
 * Looks again and again until there is something to find.
 *
 * @returns what was found; undefined if the time was up or the client has gone.
 * @throws RpcError 401 once the key is revoked or expired, and what `look` throws too often.
 */
export const pollUntil = async <Seen extends { readonly isKeyValid: boolean }, Found>(
  exchange: Exchange,
  { deadline, look, find, pauseAfter = growingPause }: Polling<Seen, Found>,
): Promise<Found | undefined> => {
  const { signal } = exchange.request;
  const aborted = untilAborted(signal);
  const lookAgain = tolerant(look);
  const keepLease = streamLeaseKeeper(exchange);
  const startedAt = Date.now();
  for (;;) {
    const seen = await lookAgain();
    if (seen?.isKeyValid === false) throw keyNoLongerValid();
    const found = seen && (await find(seen));
    if (found !== undefined || signal.aborted || Date.now() >= deadline) return found;
    await keepLease();
    const pause = Math.min(pauseAfter(Date.now() - startedAt), deadline - Date.now());
    await sleepUnless(Math.max(0, pause), aborted);
  }
};
