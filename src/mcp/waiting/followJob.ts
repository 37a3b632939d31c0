/** Waiting for a job, in the request that asked for it. */
import { makeFunctionReference } from "convex/server";
import type { Asked, Ended, Started } from "../../data/outcome";
import type { Progress } from "../../data/values";
import { outcomeOf } from "../../data/jobState";
import type { Watched } from "../../jobs/read";
import type { Exchange } from "../exchange";
import { progressTokenOf } from "../negotiation";
import { pollUntil, streamSecondsOf } from "./poll";
import type { Glue } from "../glue";

/** How long a client is kept waiting that asks for no progress, in seconds: many give up after 60, and comments do not count. */
const SILENT_SECONDS = 50;

/** What came of waiting: the end, what the job asks for, or how far the job was when waiting ended. */
export type Followed =
  | { readonly ended: Ended }
  | { readonly asked: Asked }
  | { readonly running: Progress | undefined };

/** Looks at a job as the caller of this request; null if it is not the caller's. */
export const look = ({ ctx, app, principal }: Exchange, jobId: string): Promise<Watched | null> =>
  ctx.runQuery<Glue["jobs:watch"]>(makeFunctionReference(`${app.dir}/jobs:watch`), {
    jobId,
    principal,
  });

const deadlineOf = (exchange: Exchange, maxInline: number): number => {
  const hearsProgress = exchange.notifier !== undefined && progressTokenOf(exchange) !== undefined;
  const longest = hearsProgress ? streamSecondsOf(exchange.app) : SILENT_SECONDS;
  return exchange.receivedAt + Math.min(longest, maxInline) * 1000;
};

/** Looks at a job that exists. */
const lookAtOwn = async (exchange: Exchange, jobId: string): Promise<Watched> => {
  const seen = await look(exchange, jobId);
  if (seen === null) throw new Error("A job that was started is gone");
  return seen;
};

/** A job whose lease is over is not left to its watchdog, which may have to wait for a free slot. */
const endIfDead = async ({ ctx, app }: Exchange, jobId: string, { leaseUntil }: Watched) => {
  if (Date.now() > leaseUntil)
    await ctx.runMutation<Glue["jobs:expire"]>(makeFunctionReference(`${app.dir}/jobs:expire`), {
      jobId,
    });
};

/** Tells the client what a job has reported, each report once. */
const teller = ({ notifier }: Exchange) => {
  let told = 0;
  return ({ events }: Watched) => {
    for (const event of events.filter(({ seq }) => seq > told)) {
      notifier?.tell(event);
      told = event.seq;
    }
  };
};

/** Looks until the job has ended or asks, the time is up, or the client has gone. */
const waitFor = async (exchange: Exchange, jobId: string, deadline: number): Promise<Followed> => {
  let running: Progress | undefined;
  const tell = teller(exchange);
  const found = await pollUntil<Watched, Followed>(exchange, {
    deadline,
    look: () => lookAtOwn(exchange, jobId),
    find: async (seen) => {
      running = seen.progress;
      tell(seen);
      if (seen.requests !== undefined)
        return { asked: { state: "asked", requests: seen.requests } };
      const ended = outcomeOf(seen);
      if (ended !== undefined) return { ended };
      await endIfDead(exchange, jobId, seen);
      return undefined;
    },
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
  { jobId, watcher }: Started,
  maxInline = Infinity,
): Promise<Followed> => {
  const { ctx, app, era, request, principal } = exchange;
  const followed = await waitFor(exchange, jobId, deadlineOf(exchange, maxInline));
  if (request.signal.aborted && era.closingCancels && "running" in followed) {
    await ctx.runMutation<Glue["jobs:cancel"]>(makeFunctionReference(`${app.dir}/jobs:cancel`), {
      jobId,
      principal,
      watcher,
    });
  }
  return followed;
};
