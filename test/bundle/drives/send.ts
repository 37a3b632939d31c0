/** Sends one request through the bundled routes, as Convex would: in a fresh context, with the body drained eagerly. */
import { isUint8Array } from "node:util/types";
import type { HttpRouter } from "convex/server";
import { createParser } from "eventsource-parser";
import { ReadableStream } from "web-streams-polyfill/ponyfill";
import { AbortController } from "../runtime/abort";
import { Clock } from "../runtime/clock";
import { evaluate, type Bundle } from "../runtime/load";
import { checkSendable, type Headers } from "../runtime/headers";
import { Request, type Chunks, type Response } from "../runtime/web";
import { deployment, env, MAX_CALLS, SITE_URL, type Called, type Functions } from "./deployment";

/** What a client sends, and how long it stays. */
export interface Sent {
  readonly method: "POST" | "GET" | "HEAD" | "DELETE" | "OPTIONS";
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as they are, in place of `body`. */
  readonly chunks?: readonly Uint8Array[];
  /** After how many milliseconds the client leaves. */
  readonly leavesAfter?: number;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The messages, if it is a stream. */
  readonly messages: readonly unknown[];
  readonly calls: readonly Called[];
  /** The longest time without a byte, in milliseconds. */
  readonly silence: number;
  /** Whether the client left before the end. */
  readonly left: boolean;
  /** What was sent to nobody. */
  readonly late: string;
}

/** As long as Convex gives an HTTP action. */
const LIMIT_MS = 30 * 60_000;

/** How soon a stream must end once its client has left, in milliseconds. */
const LEAVING_MS = 10;

interface Chunk {
  readonly text: string;
  readonly at: number;
}

/** Convex reads as fast as it can, never cancels, and ends a failed stream as if it were complete. */
const drain = async (body: Response["body"], take: (text: string) => void): Promise<void> => {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    const { value } = part as { value: unknown };
    if (!isUint8Array(value)) throw new Error(`the stream holds a ${typeof value}, not bytes`);
    take(decoder.decode(value, { stream: true }));
  }
};

const messagesOf = (text: string): unknown[] => {
  const messages: unknown[] = [];
  const onEvent = ({ data }: { data: string }) => messages.push(JSON.parse(data));
  createParser({ onEvent }).feed(text);
  return messages;
};

type Endpoint = { invokeHttpAction: (request: Request) => Promise<Response> };

/** Convex gives the bytes as they come, on demand. */
const arriving = (chunks: readonly Uint8Array[]): Chunks => {
  const left = chunks.map((chunk) => chunk.slice());
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const chunk = left.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
};

const exchange = async (
  exports: Record<string, unknown>,
  clock: Clock,
  { leavesAfter, body, chunks: bytes, ...init }: Sent,
) => {
  const [endpoint] = (exports.default as HttpRouter).lookup("/mcp", init.method) ?? [];
  if (endpoint === undefined) throw new Error(`${init.method} /mcp is not routed`);
  const client = new AbortController();
  const { signal } = client;
  const sent = bytes ?? (body && [new TextEncoder().encode(JSON.stringify(body))]);
  const request = new Request(`${SITE_URL}/mcp`, {
    ...init,
    body: sent ? arriving(sent) : null,
    signal,
  });
  const startedAt = clock.now();
  let leftAt = Infinity;
  const until = () => Math.min(startedAt + LIMIT_MS, leftAt + LEAVING_MS);
  const answering = (endpoint as unknown as Endpoint).invokeHttpAction(request);
  const response = await clock.pass("the answer", answering, until);
  checkSendable(response.headers);
  const chunks: Chunk[] = [];
  let heard = Infinity;
  // Not before: time must not pass while a digest is made.
  if (leavesAfter !== undefined)
    clock.globals.setTimeout(() => {
      leftAt = clock.now();
      heard = chunks.length;
      client.abort();
    }, leavesAfter);
  const draining = drain(response.body, (chunk) => chunks.push({ text: chunk, at: clock.now() }));
  await clock.pass("the body", draining, until);
  const times = [startedAt, ...chunks.map(({ at }) => at), clock.now()];
  return {
    response,
    text: chunks.map((chunk) => chunk.text).join(""),
    silence: Math.max(...times.map((at, i) => at - (times[i - 1] ?? at))),
    left: heard < Infinity,
    late: chunks
      .slice(heard)
      .map((chunk) => chunk.text)
      .join(""),
  };
};

/** The first line of what was logged tells the cause. */
const because = (error: unknown, errors: readonly string[]): Error => {
  const message = (error as { message?: unknown } | null)?.message ?? error;
  const logged = errors.map((text) => ` (logged: ${text.split("\n")[0] ?? ""})`);
  return new Error(`${String(message)}${[...new Set(logged)].join("")}`, { cause: error });
};

/**
 * Sends a request to a bundle of http.ts.
 *
 * @param check - throws if the answer is not what it should be.
 * @throws Error that says what is wrong, with what the code has logged.
 */
export const send = async (
  bundle: Bundle,
  functions: Functions,
  sent: Sent,
  check: (answer: Answer) => void,
): Promise<Answer> => {
  const clock = new Clock();
  const errors: string[] = [];
  const { calls, syscall } = deployment(functions);
  try {
    const { exports, phase } = evaluate(bundle, { env, clock, errors, syscall });
    phase.enter("action");
    const { response, ...rest } = await exchange(exports, clock, sent);
    const { status, headers } = response;
    const isStream = headers.get("content-type") === "text/event-stream";
    const messages = isStream ? messagesOf(rest.text) : [];
    const answer = { status, headers, messages, calls, ...rest };
    if (calls.length > MAX_CALLS) throw new Error(`asked Convex ${calls.length} times`);
    check(answer);
    return answer;
  } catch (error) {
    throw because(error, errors);
  }
};
