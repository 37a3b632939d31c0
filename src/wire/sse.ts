/**
 * Answers as a server-sent event stream.
 *
 * The loop is started in `start`, the only place where `ctx` may be used on Convex and in convex-test alike. Convex never calls
 * `cancel`, applies no backpressure, and ends a failed stream as if it were complete, so: `request.signal` is watched, and
 * every failure is sent as an event.
 *
 * @see WHATWG HTML section 9.2; MCP 2026-07-28 basic/transports/streamable-http
 */
import { safeHeaders } from "./responses";

/** Longest silence on a stream, in milliseconds: 15 s are promised, and timers are late. */
export const KEEP_ALIVE_MS = 14_500;

/** Sends whole events; after the client has left, sends nothing. */
export interface EventSink {
  /** One JSON-RPC message: JSON text as `JSON.stringify` writes it, without line breaks. */
  readonly message: (text: string) => void;
  /** A comment, which clients ignore and proxies count as life. */
  readonly comment: (text: string) => void;
}

const sink = (
  controller: ReadableStreamDefaultController<Uint8Array>,
  hasLeft: () => boolean,
): EventSink => {
  const encoder = new TextEncoder();
  const send = (text: string) => {
    if (!hasLeft()) controller.enqueue(encoder.encode(text));
  };
  return {
    // Without a line break in it, data can neither end the event nor start another field.
    message: (message) => {
      send(`event: message\ndata: ${message}\n\n`);
    },
    comment: (text) => {
      send(`: ${text}\n\n`);
    },
  };
};

/** What writes a stream. */
export interface StreamWriter {
  /** Must not reject. The stream ends when it is done. */
  readonly work: () => Promise<void>;
  /** Called every KEEP_ALIVE_MS until then. */
  readonly beat: () => void;
}

/**
 * A response whose body is written as events.
 *
 * @param signal - the request's; when it aborts, sending stops and the work goes on to its end: its effect must be recorded.
 * @param open - makes the writer of one stream.
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
        // Closed after an abort too: Convex keeps the action alive until its body ends. Only a cancelled body is closed already.
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
