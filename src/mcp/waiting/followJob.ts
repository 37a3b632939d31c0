/** Waiting for a job, in the request that asked for it. */
import type { Asked, Ended, Started } from "../../data/outcome";
import type { Progress } from "../../data/values";
import { outcomeOf } from "../../jobs/job";
import type { Watched } from "../../jobs/read";
import type { Exchange } from "../exchange";
import type { Granted } from "../server";
import { progressTokenOf } from "../streaming";
import { keyNoLongerValid, pollUntil, tolerant, streamSecondsOf } from "./poll";

/** How long a client is kept waiting that asks for no progress, in seconds: many give up after 60, and comments do not count. */
const SILENT_SECONDS = 50;

/** What came of waiting: the end, what the job asks for, or how far the job was when waiting ended. */
export type Followed =
  | { readonly ended: Ended }
  | { readonly asked: Asked }
  | { readonly running: Progress | undefined };

/** Looks at a job as the caller of this request; null if it is not the caller's. */
export const look = (
  { ctx, server }: Exchange,
  { principal }: Granted,
  jobId: string,
): Promise<Watched | null> => ctx.runQuery(server.functions.jobs.watch, { jobId, principal });

const deadlineOf = (exchange: Exchange, maxInline: number): number => {
  const hearsProgress = exchange.notifier !== undefined && progressTokenOf(exchange) !== undefined;
  const longest = hearsProgress ? streamSecondsOf(exchange.server) : SILENT_SECONDS;
  return exchange.receivedAt + Math.min(longest, maxInline) * 1000;
};

/** Looks at a job that there must be. The job does not depend on it, so a few failures are forgiven. */
const tolerantLook = (exchange: Exchange, granted: Granted, jobId: string) =>
  tolerant(async () => {
    const seen = await look(exchange, granted, jobId);
    if (seen === null) throw new Error("A job that was started is gone");
    return seen;
  });

/** A job whose lease is over is not left to its watchdog, which may have to wait for a free slot. */
const endIfDead = async ({ ctx, server }: Exchange, jobId: string, { leaseUntil }: Watched) => {
  if (Date.now() > leaseUntil) await ctx.runMutation(server.functions.jobs.expire, { jobId });
};

/** Looks until the job has ended, the time is up, or the client has gone. */
const poll = async (
  exchange: Exchange,
  granted: Granted,
  jobId: string,
  deadline: number,
): Promise<Followed> => {
  const lookAgain = tolerantLook(exchange, granted, jobId);
  let running: Progress | undefined;
  let told = 0;
  const found = await pollUntil<Followed>(exchange, deadline, async () => {
    const seen = await lookAgain();
    if (seen === undefined) return undefined;
    if (!seen.isKeyValid) throw keyNoLongerValid();
    running = seen.progress;
    for (const event of seen.events.filter(({ seq }) => seq > told)) {
      exchange.notifier?.tell(event);
      told = event.seq;
    }
    if (seen.requests !== undefined)
      return { asked: { state: "asked" as const, requests: seen.requests } };
    const outcome = outcomeOf(seen);
    if (outcome !== undefined) return { ended: outcome };
    await endIfDead(exchange, jobId, seen);
    return undefined;
  });
  return found ?? { running };
};

/**
 * Waits for a job: as long as a stream may last, as its tool may keep a caller waiting, or as a client that hears nothing is
 * patient. Where closing the stream means to cancel, it cancels the job, unless another request has joined it since.
 *
 * @throws RpcError 401 once the key is revoked or expired.
 */
export const follow = async (
  exchange: Exchange,
  granted: Granted,
  { jobId, watcher }: Started,
  maxInline = Infinity,
): Promise<Followed> => {
  const { ctx, server, era, request } = exchange;
  const followed = await poll(exchange, granted, jobId, deadlineOf(exchange, maxInline));
  if (request.signal.aborted && era.closingCancels && "running" in followed) {
    await ctx.runMutation(server.functions.jobs.cancel, {
      jobId,
      principal: granted.principal,
      watcher,
    });
  }
  return followed;
};
