/** What an answer must be. Each of these throws an Error of one line that says what it was instead. */
import { isDeepStrictEqual } from "node:util";
import type { Answer } from "./send";

/** The longest silence on a stream that is promised, in milliseconds. */
const SILENCE_MS = 15_000;

const short = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

export const equal = (what: string, actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`${what} is ${short(actual)}, not ${short(expected)}`);
};

export const status = ({ status: actual, text }: Answer, expected: number): void => {
  if (actual !== expected) throw new Error(`answered ${actual}, not ${expected}: ${short(text)}`);
};

/** The functions that were called, each once, in the order of their first calls. */
export const called = ({ calls }: Answer, ...names: readonly string[]): void => {
  equal("what was called", [...new Set(calls.map(({ name }) => name))], names);
};

const resultIn = (message: unknown, text: string): Record<string, unknown> => {
  const { id, result } = (message ?? {}) as { id?: unknown; result?: Record<string, unknown> };
  if (id !== 1 || result === undefined) throw new Error(`answered no result: ${short(text)}`);
  return result;
};

/** The result of a JSON answer. */
export const json = (answer: Answer): Record<string, unknown> => {
  status(answer, 200);
  equal("Content-Type", answer.headers.get("content-type"), "application/json");
  return resultIn(JSON.parse(answer.text), answer.text);
};

/** Holds for any stream, ended or left. */
export const stream = (answer: Answer): void => {
  status(answer, 200);
  equal("Content-Type", answer.headers.get("content-type"), "text/event-stream");
  if (answer.silence > SILENCE_MS) throw new Error(`was silent for ${answer.silence / 1000} s`);
  equal("what was sent after the client had left", answer.late, "");
  const leases = answer.calls.filter(({ name }) => name === "mutation toolgate/jobs:renewLease");
  equal("its lease at the end", leases.at(-1)?.args, { streamLease: "lease_1" });
};

/** The result at the end of a stream. */
export const streamed = (answer: Answer): Record<string, unknown> => {
  stream(answer);
  return resultIn(answer.messages.at(-1), answer.text);
};
