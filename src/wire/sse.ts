/**
 * Answers with a stream of server-sent events.
 *
 * The work starts in `start`, the only place where `ctx` may be used both on Convex and in convex-test. Convex never calls `cancel`,
 * applies no backpressure, and ends a failed stream as if it were complete. So `request.signal` is watched, and every failure is sent
 * as an event.
 *
 * @see WHATWG HTML section 9.2; MCP 2026-07-28 basic/transports/streamable-http
 */
import { safeHeaders } from "./responses";

/** The longest silence on a stream, in milliseconds. The promise is 15 s, and timers are late. */
export const KEEP_ALIVE_MS = 14_500;

/** Sends whole events. After the client has left, it sends nothing. */
export interface EventSink {
  /** Sends one JSON-RPC message: JSON text as `JSON.stringify` writes it, without line breaks. */
  readonly message: (text: string) => void;
  /** Sends a comment. Clients ignore it, and proxies see that the stream is alive. */
  readonly comment: (text: string) => void;
}

/**
 * Escapes the characters that some readers of lines take for a line break, though event streams know only CR and LF. JSON has them
 * only in strings, where an escape means the same. `JSON.stringify` escapes the others: all control characters below U+0020.
 */
const onOneLine = (json: string): string =>
  json.replace(
    /[\u0085\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const sink = (
  controller: ReadableStreamDefaultController<Uint8Array>,
  hasLeft: () => boolean,
): EventSink => {
  const encoder = new TextEncoder();
  const send = (text: string) => {
    if (!hasLeft()) controller.enqueue(encoder.encode(text));
  };
  return {
    // The text has no line break, so it can neither end the event nor start another field.
    message: (message) => {
      send(`event: message\ndata: ${onOneLine(message)}\n\n`);
    },
    comment: (text) => {
      send(`: ${text}\n\n`);
    },
  };
};

/** The code that writes a stream. */
export interface StreamWriter {
  /** Writes the stream, which ends when this resolves. It must not reject. */
  readonly work: () => Promise<void>;
  /** Called every KEEP_ALIVE_MS until `work` resolves. */
  readonly beat: () => void;
}

/**
 * A response with a body of events.
 *
 * @param signal - the request's signal. When it aborts, nothing more is sent, but the work goes on to its end, because its effect
 * must be recorded.
 * @param open - makes the writer of this stream.
 */
export const eventStream = (
  signal: AbortSignal,
  open: (events: EventSink) => StreamWriter,
): Response => {
  let cancelled = false;
  const hasLeft = () => cancelled || signal.aborted;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const events = sink(controller, hasLeft);
      events.comment("open");
      const { work, beat } = open(events);
      const timer = setInterval(beat, KEEP_ALIVE_MS);
      try {
        await work();
      } finally {
        clearInterval(timer);
        // Closed after an abort too, since Convex keeps the action alive until its body ends. Only a cancelled body is already closed.
        if (!cancelled) controller.close();
      }
    },
    cancel() {
      cancelled = true;
    },
  });
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no", ...safeHeaders },
  });
};
