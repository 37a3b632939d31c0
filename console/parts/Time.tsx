/** A time: how far it is from now, or on the clock; in UTC when pointed at. */
import type { ReactElement } from "react";
import { useNow } from "./clock";
import { clockText, distanceText, secondsText, utcText } from "./spans";

const WRITERS = { distance: distanceText, clock: clockText, seconds: secondsText };

/** @param at - ISO 8601; absent: `never`. */
export const Time = ({
  at,
  as = "distance",
  absent = "never",
}: {
  readonly at: string | undefined;
  readonly as?: keyof typeof WRITERS;
  readonly absent?: string;
}): ReactElement => {
  const now = useNow();
  if (at === undefined) return <>{absent}</>;
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={utcText(ms)}>
      {WRITERS[as](ms, now)}
    </time>
  );
};
