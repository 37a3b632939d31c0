/** Reads an event stream, and notes when each piece came. */
import { createParser } from "eventsource-parser";
import { isObject, type Params } from "../../src/wire/jsonrpc";
import { open, type Ask, type Reply } from "./ask";
import { NoReply } from "./noReply";

/** The end of a stream. `left`: the time was up and the doctor left. `cut`: the connection broke. */
export type Ending = "complete" | "left" | "cut";

/** A stream that was listened to. */
export interface Heard extends Reply {
  /** The times when its pieces came, in milliseconds since the request. */
  readonly pieces: readonly number[];
  /** The JSON-RPC messages in the stream. */
  readonly messages: readonly Params[];
  /** The number of events and comments. */
  readonly count: number;
  readonly ending: Ending;
}

/** Collects the messages of a stream, and counts its events and comments. */
const listener = () => {
  const messages: Params[] = [];
  let count = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      count++;
      const message = parsed(data);
      if (message !== undefined) messages.push(message);
    },
    onComment: () => {
      count++;
    },
  });
  return {
    feed: (text: string) => {
      parser.feed(text);
    },
    messages,
    count: () => count,
  };
};

const parsed = (data: string): Params | undefined => {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const endingOf = (error: unknown): Ending =>
  (error as { name?: string }).name === "TimeoutError" ? "left" : "cut";

/** Reads the stream until it ends, breaks, or the time is up. */
const readAll = async (response: Response, onPiece: (text: string) => void): Promise<Ending> => {
  const decoder = new TextDecoder();
  try {
    for await (const piece of response.body ?? []) onPiece(decoder.decode(piece, { stream: true }));
    return "complete";
  } catch (error) {
    return endingOf(error);
  }
};

/**
 * Sends a request and listens for `limitMs` milliseconds at most.
 *
 * @throws NoReply if not even a status came in that time, or the connection failed before it.
 */
export const hear = async (url: URL, request: Ask, limitMs: number): Promise<Heard> => {
  const begun = performance.now();
  const since = () => performance.now() - begun;
  const signal = AbortSignal.timeout(limitMs);
  const response = await open(url, request, signal).catch((error: unknown) => {
    throw new NoReply(error, limitMs);
  });
  const receivedAt = Date.now();
  const { feed, messages, count } = listener();
  const pieces: number[] = [];
  let text = "";
  const ending = await readAll(response, (piece) => {
    pieces.push(since());
    text += piece;
    feed(piece);
  });
  const { status, headers } = response;
  const reply = { status, headers, text, ms: since(), receivedAt };
  return { ...reply, pieces, messages, count: count(), ending };
};
