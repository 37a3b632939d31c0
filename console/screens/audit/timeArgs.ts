/** The bounds in time of the audit log, from the filters to the function's arguments. */

const SPANS: Readonly<Record<string, number>> = {
  "1h": 3_600_000,
  "1d": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

export const isSpan = (text: string): boolean => Object.hasOwn(SPANS, text);

/** A date and time as a form gives it, in the time of this place, as ISO 8601 in UTC; undefined if it is none. */
export const iso = (text: string): string | undefined => {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

/** The same back, to the minute: what a form of this place takes. Empty if it is none. */
export const localText = (text: string): string => {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return "";
  const here = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, 16);
};

/** @param since - a span that counts back from `now` (`1h`, `7d`), or a date and time. */
export const timeArgs = (
  { since = "", until = "" }: { readonly since?: string; readonly until?: string },
  now: number,
): { since?: string; until?: string } => {
  const span = isSpan(since) ? SPANS[since] : undefined;
  const from = span === undefined ? iso(since) : new Date(now - span).toISOString();
  const to = iso(until);
  return { ...(from !== undefined && { since: from }), ...(to !== undefined && { until: to }) };
};
