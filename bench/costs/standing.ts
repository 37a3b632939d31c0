/** What is billed without anybody calling, or as long as somebody listens: worked out from the pauses and periods in the code. */
import crons from "../../convex/crons";
import { app } from "../../convex/toolgate/tools";
import { pause } from "../../src/mcp/methods/listen";
import { RENEW_AFTER } from "../../src/mcp/waiting/streamLease";
import { LEASE_MS } from "../../src/middleware/streamBudget";
import { streamSecondsOf } from "../../src/registry/toolgate";

const MONTH_MS = 31 * 24 * 60 * 60_000;
const STREAM_MS = streamSecondsOf(app) * 1000;

const looks = (): number => {
  let [count, waited] = [1, 0];
  for (; waited < STREAM_MS; count++) waited += Math.min(pause(waited, waited), STREAM_MS - waited);
  return count;
};

const renewals = Math.ceil(STREAM_MS / (RENEW_AFTER * LEASE_MS.listening));

/** Calls a month of a client that opens its stream again whenever it ends: the request, its admission, its looks, its lease. */
export const listening = Math.round(((3 + renewals + looks()) * MONTH_MS) / STREAM_MS);

const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 } as const;

type Interval = { readonly type: "interval" } & Partial<Record<keyof typeof UNITS, number>>;

/** Runs a month of a cron. */
const runsOf = ({ type, ...every }: Interval): number => {
  if (type !== "interval") throw new Error("a cron that runs at times is not counted yet");
  const [[unit, count] = ["seconds", NaN]] = Object.entries(every);
  return MONTH_MS / (count * UNITS[unit as keyof typeof UNITS]);
};

const schedules = Object.values(crons.crons).map(({ schedule }) => schedule as Interval);

/** Calls a month of a deployment that nobody calls. */
export const idle = Math.round(schedules.reduce((sum, schedule) => sum + runsOf(schedule), 0));
