/** Requests that are held open while something is awaited. */
import { INVALID_KEY } from "../../auth/challenge";
import { sleepUnless } from "../../base/sleep";
import { RpcError } from "../../wire/jsonrpc";
import { logInternalError } from "../../wire/responses";
import type { Admitted, Exchange } from "../exchange";
import type { McpServer } from "../server";

/** How often a held request renews its place. */
const HOLD_MS = 20_000;

/** How long a stream may last, in seconds. */
export const streamSecondsOf = ({ streamSeconds = 300 }: McpServer): number => streamSeconds;

/** What ends a held request whose key is good no longer. */
export const keyNoLongerValid = () =>
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

const placeOf = ({ admitted }: Pick<Exchange, "admitted">) => admitted.leave?.granted.stream;

/** Renews the request's place among the open streams now and then. A failure is made good by the next time. */
const placeKeeper = (exchange: Exchange) => {
  const { ctx, server } = exchange;
  const stream = placeOf(exchange);
  let renewedAt = Date.now();
  return async () => {
    if (stream === undefined || Date.now() - renewedAt < HOLD_MS) return;
    renewedAt = Date.now();
    await ctx
      .runMutation(server.functions.jobs.hold, { stream, open: true })
      .catch(logInternalError);
  };
};

/** Gives back the place of a request that has been answered. If that fails, its lease runs out. */
export const release = async (exchange: Exchange): Promise<void> => {
  const stream = placeOf(exchange);
  if (stream === undefined) return;
  const { ctx, server } = exchange;
  await ctx
    .runMutation(server.functions.jobs.hold, { stream, open: false })
    .catch(logInternalError);
};

/** A new admission of a request that has its place already. */
export const withPlaceOf = (admitted: Admitted, exchange: Exchange): Admitted => {
  const { leave } = admitted;
  const stream = placeOf(exchange);
  return leave === undefined || stream === undefined
    ? admitted
    : { ...admitted, leave: { ...leave, granted: { ...leave.granted, stream } } };
};

/** How many looks may fail in a row. */
const MAX_FAILURES = 5;

/** A look that forgives a few failures in a row: undefined for those. */
export const tolerant = <Seen>(look: () => Promise<Seen>): (() => Promise<Seen | undefined>) => {
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

/**
 * Looks again and again until there is something to see.
 *
 * @param deadline - in milliseconds since 1970.
 * @param look - undefined for nothing yet.
 * @param pauseAfter - milliseconds between looks, after so many of waiting.
 * @returns what was seen; undefined if the time was up or the client has gone.
 */
export const pollUntil = async <Seen>(
  exchange: Exchange,
  deadline: number,
  look: () => Promise<Seen | undefined>,
  pauseAfter: (waitedMs: number) => number = growingPause,
): Promise<Seen | undefined> => {
  const { signal } = exchange.request;
  const aborted = untilAborted(signal);
  const keepPlace = placeKeeper(exchange);
  const startedAt = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined || signal.aborted || Date.now() >= deadline) return seen;
    await keepPlace();
    const pause = Math.min(pauseAfter(Date.now() - startedAt), deadline - Date.now());
    await sleepUnless(Math.max(0, pause), aborted);
  }
};
