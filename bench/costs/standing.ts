/** What is billed without anybody calling, or as long as somebody listens: worked out from the pauses and periods in the code. */
import crons from "../../convex/crons";
import { app } from "../../convex/toolgate/tools";
import { LEASE_MS } from "../../src/middleware/streamBudget";
import { pause } from "../../src/mcp/methods/listen";
import { RENEW_AFTER } from "../../src/mcp/waiting/streamLease";
import { streamSecondsOf } from "../../src/registry/toolgate";

const MONTH_MS = 31 * 24 * 60 * 60_000;

const looksIn = (streamMs: number): number => {
  let looks = 1;
  for (
    let waited = 0;
    waited < streamMs;
    waited += Math.min(pause(waited, waited), streamMs - waited)
  )
    looks++;
  return looks;
};

/** Calls a month of a client that opens its stream again whenever it ends: the request, its admission, its looks, its lease. */
const listeningCalls = (): number => {
  const streamMs = streamSecondsOf(app) * 1000;
  const renewals = Math.ceil(streamMs / (RENEW_AFTER * LEASE_MS.listening));
  return Math.round(((3 + renewals + looksIn(streamMs)) * MONTH_MS) / streamMs);
};

const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 } as const;

type Interval = { readonly type: "interval" } & Partial<Record<keyof typeof UNITS, number>>;

/** Runs a month of a cron. */
const runsOf = ({ type, ...every }: Interval): number => {
  if (type !== "interval") throw new Error("a cron that runs at times is not counted yet");
  const [[unit, count] = ["seconds", NaN]] = Object.entries(every);
  return MONTH_MS / (count * UNITS[unit as keyof typeof UNITS]);
};

export const listening = listeningCalls();

export const idle = Math.round(
  Object.values(crons.crons).reduce((sum, { schedule }) => sum + runsOf(schedule as Interval), 0),
);
