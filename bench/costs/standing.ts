/** What is billed without anybody calling, or as long as somebody listens: worked out from the pauses and periods in the code. */
import crons from "../../convex/crons";
import { app } from "../../convex/toolgate/tools";
import { pause } from "../../src/mcp/methods/listen";
import { RENEW_AFTER } from "../../src/mcp/waiting/streamLease";
import { LEASE_MS } from "../../src/middleware/streamBudget";
import { streamSecondsOf } from "../../src/registry/toolgate";

const MONTH_MS = 31 * 24 * 60 * 60_000;
const STREAM_MS = streamSecondsOf(app) * 1000;

/** One before the stream acknowledges what is asked for, and one at once after it. */
let looks = 2;
for (let waited = 0; waited < STREAM_MS; looks++)
  waited += Math.min(pause(waited, waited), STREAM_MS - waited);

const renewals = Math.floor(STREAM_MS / (RENEW_AFTER * LEASE_MS.listening));

/** Calls a month of a client that opens its stream again whenever it ends: the request, its admission, its looks, its lease. */
export const listening = Math.round(((3 + renewals + looks) * MONTH_MS) / STREAM_MS);

type Interval = Readonly<Partial<Record<"seconds" | "minutes" | "hours", number>>>;

/** Runs a month of a cron. @throws Error if it runs at times, which are not counted yet. */
const runsOf = ({ seconds = 0, minutes = 0, hours = 0 }: Interval): number => {
  const every = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (every === 0) throw new Error("a cron that runs at times is not counted yet");
  return MONTH_MS / every;
};

/** Calls a month of a deployment that nobody calls. */
export const idle = Math.round(
  Object.values(crons.crons).reduce((sum, { schedule }) => sum + runsOf(schedule as Interval), 0),
);
