/** Minutes and hours, and how long what was counted of them is kept. */
import type { Grain } from "../../data/statsTables";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Their lengths, in ms. */
export const LENGTH: Readonly<Record<Grain, number>> = { minute: MINUTE_MS, hour: HOUR_MS };

/** How long their rows are kept, in ms. */
export const KEPT: Readonly<Record<Grain, number>> = {
  minute: 3 * HOUR_MS,
  hour: 8 * 24 * HOUR_MS,
};

/** The begin of the minute or hour of a time. */
export const beginOf = (grain: Grain, time: number): number => time - (time % LENGTH[grain]);
