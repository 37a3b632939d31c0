/** Says of a call that its request stays open. */
import type { Stream } from "../../data/call";
import { streamSecondsOf } from "../../registry/toolgate";
import type { Incoming } from "../exchange";

/**
 * The member of a call that waits: what for, and when it ends at the latest. A call that asks its client may last longer, and says so
 * then.
 *
 * @param seconds - how long it may wait, if that is less than a stream may last.
 */
export const staysOpen = (
  purpose: Stream["purpose"],
  { receivedAt, app }: Incoming,
  seconds = Infinity,
): { readonly stream: Stream } => ({
  stream: { purpose, endsAt: receivedAt + Math.min(seconds, streamSecondsOf(app)) * 1000 },
});
