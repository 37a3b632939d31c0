/**
 * Event streams: whole events, signs of life, and an end whatever happens.
 *
 * @spec WHATWG HTML section 9.2
 */
import { createParser } from "eventsource-parser";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eventStream, KEEP_ALIVE_MS, type EventSink, type StreamWriter } from "./sse";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

/** A writer that keeps the stream alive with comments. */
const writer =
  (work: (events: EventSink) => Promise<void>) =>
  (events: EventSink): StreamWriter => ({
    work: () => work(events),
    beat: () => {
      events.comment("keep-alive");
    },
  });

/** A stream that ends when the test calls `finish`. */
const openStream = (signal = never, work?: (events: EventSink) => void) => {
  let finish: () => void = () => undefined;
  let sink: EventSink | undefined;
  const response = eventStream(
    signal,
    writer(async (events) => {
      sink = events;
      work?.(events);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    }),
  );
  return {
    response,
    events: sink!,
    finish: () => {
      finish();
    },
  };
};

/** What some reader of lines, in some language, takes for the end of a line: Python's `splitlines`, Java's `\R`, JavaScript's `$`. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/;

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"),
    fc.constantFrom("\\", '"', "u", ":"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

test("data is one line for every reader of lines, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(anyText, anyText), { maxLength: 5 }),
      async (messages) => {
        const response = eventStream(
          never,
          writer(async (events) => {
            for (const message of messages) events.message(JSON.stringify(message));
          }),
        );
        const text = await response.text();
        const data: unknown[] = [];
        const parser = createParser({
          onEvent: (event) => data.push(JSON.parse(event.data)),
          onError: (error) => {
            throw error;
          },
        });
        for (const char of text) parser.feed(char);
        expect(data).toEqual(messages);
        expect(text.split(LINE_ENDS)).toHaveLength(3 + 3 * messages.length);
      },
    ),
    { numRuns: 150 },
  );
});

test("an event is one chunk, and a comment comes before the work", async () => {
  const { response, events, finish } = openStream();
  events.message(JSON.stringify({ text: "\u{1f600}".repeat(100) }));
  finish();
  const chunks: string[] = [];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of response.body!) chunks.push(decoder.decode(chunk));
  expect(chunks).toEqual([
    ": open\n\n",
    `event: message\ndata: {"text":"${"\u{1f600}".repeat(100)}"}\n\n`,
  ]);
});

describe("keep-alive", () => {
  test("at most every 15 s, until the work is done", async () => {
    expect(KEEP_ALIVE_MS).toBeLessThanOrEqual(15_000);
    const { response, finish } = openStream();
    vi.advanceTimersByTime(5 * 60_000);
    finish();
    const text = await response.text();
    expect(text.match(/^: keep-alive$/gm)).toHaveLength(Math.floor((5 * 60_000) / KEEP_ALIVE_MS));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("after the client has left", () => {
  test("nothing is sent, nothing throws, the work goes on, and the stream ends with it", async () => {
    const leaving = new AbortController();
    const { response, events, finish } = openStream(leaving.signal);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(": open\n\n");
    leaving.abort();
    events.message('{"late":true}');
    vi.advanceTimersByTime(10 * KEEP_ALIVE_MS);
    finish();
    await vi.waitFor(() => {
      expect(vi.getTimerCount()).toBe(0);
    });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test("the same if the body was cancelled and the signal says nothing", async () => {
    const { response, events, finish } = openStream();
    await response.body!.cancel();
    try {
      expect(() => {
        events.message('{"late":true}');
        vi.advanceTimersByTime(KEEP_ALIVE_MS);
      }).not.toThrow();
    } finally {
      finish();
    }
  });
});
