/** What a careful client does: it sends again what it is told to, and knows what the answer means. */
import { responseOf, type Heard, type Message } from "../support/streamClient";
import type { Probe } from "./app";

/** What a client knows in the end: it was done; nothing was done; or it may have been. */
export type Told = "done" | "nothing" | "unknown";

/** A call under a label. `resent` is called for each time that the client was told to come again, and did. */
export interface Call {
  /** Whether it has an effect to be counted. */
  readonly writes: boolean;
  /** Whether the client may send it again whatever it was told, because it has an idempotency key. */
  readonly keyed?: boolean;
  readonly send: (probe: Probe, label: string, resent: () => void) => Promise<Told>;
}

/** So many faults in a row, and none of them is the last. */
export const SENDS = 12;

/** Ends the leases of streams that are no longer there. By itself that takes 45 s. */
export const freePlaces = (t: Probe["t"]) =>
  t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("toolgateStreamLeases").collect())
      await ctx.db.delete("toolgateStreamLeases", _id);
  });

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const comesAgain = (error: Message["error"]): boolean =>
  typeof (error as { data?: { retryAfter?: unknown } } | undefined)?.data?.retryAfter === "number";

/** Sends until the answer is no longer "come again". It does not wait, so places that time would free are freed. */
export const persist = async (
  { t }: Probe,
  send: () => Promise<Heard>,
  resent: () => void,
): Promise<Message> => {
  for (let sent = 1; ; sent++) {
    const answer = responseOf(await (await send()).ended);
    if (!comesAgain(answer.error) || sent === SENDS) return answer;
    resent();
    if (answer.error?.code === 429) await freePlaces(t);
  }
};

export type Said = {
  structuredContent?: { jobId?: string; state?: string };
  content?: { text: string }[];
};

/** How a result or an error reads to a client. */
export const toldBy = ({ result, error }: Message): Told => {
  if (error !== undefined) return comesAgain(error) ? "nothing" : "unknown";
  const { isError, content = [] } = (result ?? {}) as Said & { isError?: boolean };
  if (isError !== true) return "done";
  const text = content[0]?.text ?? "";
  return /^(outcome_unknown|Internal|internal)/.test(text) ? "unknown" : "nothing";
};
