/** Spans of time, as people say them. */

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** Milliseconds → `2 d 3 h`, `41 min`, `12 s`: the largest unit, and the one below it where it matters: for hours, and up to three days. */
export const spanText = (ms: number): string => {
  const at = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[at] ?? ["s", 1_000];
  const whole = Math.floor(ms / size);
  const [below, part] = UNITS[at + 1] ?? [];
  const rest = part === undefined ? 0 : Math.floor((ms % size) / part);
  const isLong = unit === "h" || (unit === "d" && whole < 3);
  return isLong && rest > 0 ? `${whole} ${unit} ${rest} ${below ?? ""}` : `${whole} ${unit}`;
};

/** Milliseconds → `840 ms`, `1.2 s`, `41 s`, `3 min`: how long something took. */
export const durationText = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : spanText(ms);
};

/** How far a time is from now: `4 min ago`, `in 23 h 12 min`, `just now`. */
export const distanceText = (at: number, now: number): string => {
  const away = at - now;
  if (Math.abs(away) < 10_000) return "just now";
  return away < 0 ? `${spanText(-away)} ago` : `in ${spanText(away)}`;
};

/** A time in UTC: `2026-11-29 14:02:11 UTC`. */
export const utcText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Writes a time of the clock where the person is, with the day if that is another. */
const onClock =
  (form: Intl.DateTimeFormatOptions) =>
  (at: number, now: number): string => {
    const date = new Date(at);
    const isToday = date.toDateString() === new Date(now).toDateString();
    const time = date.toLocaleTimeString(undefined, form);
    const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
    return isToday ? time : `${day}, ${time}`;
  };

/** `14:02` */
export const clockText = onClock({ hour: "2-digit", minute: "2-digit" });

/** `14:02:11` */
export const secondsText = onClock({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
