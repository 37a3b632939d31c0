/** Waiting for a job, in the request that asked for it. */
import type { GenericId } from "convex/values";
import type { Exchange } from "../dispatcher";
import { RpcError } from "../jsonrpc";
import type { Ended } from "../outcome";
import type { Granted } from "../server";
import { sleepUnless } from "../sleep";
import { outcomeOf, type Progress } from "./job";
import type { Watched } from "./read";

/** How long a stream may last unless the server says otherwise, in seconds. */
export const STREAM_SECONDS = 300;

/** How long a client that takes no stream is kept waiting, in seconds: many give up after 60 without a byte. */
const SILENT_SECONDS = 50;

/** How often a held request renews its place. */
const HOLD_MS = 20_000;

/** Quick at first, slower later: about 130 looks in 5 minutes, each a billed call that Convex answers from its cache. */
const pauseAfter = (waitedMs: number): number => Math.min(3_000, 250 + waitedMs / 20);

/** What came of waiting: the end, or how far the job was when waiting ended. */
export type Followed = { readonly ended: Ended } | { readonly running: Progress | undefined };

/** Looks at a job as the caller of this request. */
export const look = async (
  { ctx, server }: Exchange,
  { principal }: Granted,
  jobId: string,
): Promise<Watched | null> => ctx.runQuery(server.jobs.watch, { jobId, principal });

const keyEnded = () => new RpcError(401, "The API key was revoked or has expired", { status: 401 });

const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", resolve);
  });

/** Keeps the request's place among the open streams. */
const holder = ({ ctx, server }: Exchange, stream: GenericId<"mcpStreams"> | undefined) => {
  let renewedAt = Date.now();
  const hold = async (open: boolean) => {
    if (stream !== undefined) await ctx.runMutation(server.jobs.hold, { stream, open });
  };
  return {
    renew: async () => {
      if (Date.now() - renewedAt < HOLD_MS) return;
      renewedAt = Date.now();
      await hold(true);
    },
    release: () => hold(false),
  };
};

const deadlineOf = ({ notifier, receivedAt, server }: Exchange, maxInline: number): number => {
  const longest =
    notifier === undefined ? SILENT_SECONDS : (server.streamSeconds ?? STREAM_SECONDS);
  return receivedAt + Math.min(longest, maxInline) * 1000;
};

/** Polls until the job has ended, the time is up, or the client has gone. */
const poll = async (
  exchange: Exchange,
  granted: Granted,
  jobId: string,
  { deadline, renew }: { deadline: number; renew: () => Promise<void> },
): Promise<Followed> => {
  const { signal } = exchange.request;
  const aborted = untilAborted(signal);
  const startedAt = Date.now();
  let told = 0;
  for (;;) {
    const seen = await look(exchange, granted, jobId);
    if (seen === null) throw new Error("A job that was started is gone");
    if (!seen.isKeyValid) throw keyEnded();
    for (const event of seen.events.filter(({ seq }) => seq > told)) {
      exchange.notifier?.tell(event);
      told = event.seq;
    }
    const ended = outcomeOf(seen);
    if (ended !== undefined) return { ended };
    if (signal.aborted || Date.now() >= deadline) return { running: seen.progress };
    await renew();
    const left = deadline - Date.now();
    await sleepUnless(Math.max(0, Math.min(pauseAfter(Date.now() - startedAt), left)), aborted);
  }
};

/**
 * Waits for a job: as long as a stream may last, as its tool may keep a caller waiting, or as a client without a stream is
 * patient. Where closing the stream means to cancel, it cancels the job.
 *
 * @throws RpcError 401 once the key is revoked or expired. The job goes on.
 */
export const follow = async (
  exchange: Exchange,
  granted: Granted,
  jobId: string,
  maxInline = Infinity,
): Promise<Followed> => {
  const { ctx, server, era, request } = exchange;
  const { renew, release } = holder(exchange, granted.stream);
  try {
    const deadline = deadlineOf(exchange, maxInline);
    const followed = await poll(exchange, granted, jobId, { deadline, renew });
    if (request.signal.aborted && era.closingCancels && "running" in followed) {
      await ctx.runMutation(server.jobs.cancel, { jobId, principal: granted.principal });
    }
    return followed;
  } finally {
    await release();
  }
};
