/** Polls in a request that stays open. */
import { INVALID_KEY } from "../../auth/challenge";
import { sleepUnlessAborted } from "../../base/sleep";
import { RpcError } from "../../wire/jsonrpc";
import type { Exchange } from "../exchange";
import { stoppedWaiting } from "../stopped";
import { pacer, workPause, type Pause } from "./pace";
import { streamLeaseKeeper } from "./streamLease";

/** The error that ends a waiting request once its key is revoked or expires. */
const keyNoLongerValid = () =>
  new RpcError(401, "The API key was revoked or has expired", {
    status: 401,
    headers: INVALID_KEY,
  });

/** The number of failed polls in a row after which the error is thrown. */
const MAX_FAILURES = 5;

/** Wraps `look`. A failure gives undefined, until the last of `MAX_FAILURES` in a row is thrown. */
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

/** What all data says: whether the caller's key is still valid, and whether the operator has stopped what the request waits for. */
interface Usable {
  readonly isKeyValid: boolean;
  readonly isStopped: boolean;
}

/** The data to poll, and for how long. */
interface Polling<Seen, Found> {
  /** In milliseconds since 1970. */
  readonly deadline: number;
  /** Reads the data once. A few failures in a row are tolerated. */
  readonly look: () => Promise<Seen>;
  /** Picks the result from the data; undefined while it is not there yet. */
  readonly find: (seen: Seen) => Promise<Found | undefined> | Found | undefined;
  /** `workPause` unless stated. */
  readonly pause?: Pause;
  /** A value of the data that changes when something moves. Unless stated, nothing does. */
  readonly markOf?: (seen: Seen) => unknown;
}

/**
 * Polls until there is something to find, and renews the stream lease of the request meanwhile.
 *
 * @returns the result of `find`; undefined if the time is up or the client has left.
 * @throws RpcError 401 once the key is revoked or expired, 503 once the operator has stopped it, and the error of `look` after 5 failures in a row.
 */
export const pollUntil = async <Seen extends Usable, Found>(
  exchange: Exchange,
  { deadline, look, find, pause = workPause, markOf = () => undefined }: Polling<Seen, Found>,
): Promise<Found | undefined> => {
  const { signal } = exchange.request;
  const lookAgain = tolerant(look);
  const keepLease = streamLeaseKeeper(exchange, deadline);
  const pauseAfter = pacer(pause, markOf);
  for (;;) {
    const seen = await lookAgain();
    if (seen?.isKeyValid === false) throw keyNoLongerValid();
    if (seen?.isStopped === true) throw stoppedWaiting();
    const found = seen && (await find(seen));
    if (found !== undefined || signal.aborted || Date.now() >= deadline) return found;
    await keepLease();
    const left = deadline - Date.now();
    await sleepUnlessAborted(Math.max(0, Math.min(pauseAfter(seen), left)), signal);
  }
};
