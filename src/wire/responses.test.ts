/** What the log says of an internal error, by both forms that an error's stack has. */
import { afterEach, expect, test, vi } from "vitest";
import { logInternalError } from "./responses";

afterEach(() => {
  vi.restoreAllMocks();
});

const KEY = `cvxmcp_live_${"a".repeat(12)}_${"b".repeat(49)}`;

const logged = (error: unknown): string => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const told = logInternalError(error);
  const [line = ""] = log.mock.lastCall as [string?];
  const id = /^toolgate: internal error ([0-9a-f-]{36}): /.exec(line)?.[1];
  expect(told).toBe(`Internal error. Quote ${id!} to the operator.`);
  return line.slice(line.indexOf(id!) + 38);
};

const FRAMES =
  "    at handler (../src/mcp/call.ts:12:3)\n    at async run (../src/mcp/endpoint.ts:4:5)";

class Own extends Error {
  override readonly name = "Own";
}

const withStack = (error: Error, stack: string | undefined): Error =>
  Object.defineProperty(error, "stack", { value: stack });

test.each([
  ["as on Convex: frames only", FRAMES],
  ["as in Node: name, message, frames", `TypeError: no such row\n${FRAMES}`],
])("name, message and frames, each once, %s", (_what, stack) => {
  const error = withStack(new TypeError("no such row"), stack);
  expect(logged(error)).toBe(`TypeError: no such row\n${FRAMES}`);
});

test.each([
  ["of more lines", new Error("first\nsecond"), "Error: first\nsecond"],
  ["that is a word of the frames", new Error("handler"), "Error: handler"],
  ["that is empty", new Error(""), "Error: "],
  ["of a class with a name of its own", new Own("mine"), "Own: mine"],
])("a message %s", (_what, error, head) => {
  expect(logged(withStack(error, FRAMES))).toBe(`${head}\n${FRAMES}`);
  expect(logged(withStack(error, `Error: ${error.message}\n${FRAMES}`))).toBe(`${head}\n${FRAMES}`);
});

test.each([
  ["no stack", withStack(new Error("why"), undefined), "Error: why"],
  ["an empty stack", withStack(new Error("why"), ""), "Error: why"],
  ["no Error", "why", "why"],
])("%s: the reason all the same", (_what, error, expected) => {
  expect(logged(error)).toBe(expected);
});

test("no key, wherever it stands", () => {
  const error = withStack(new Error(`bad ${KEY}`), `Error: bad ${KEY}\n    at run (${KEY}:1:1)`);
  expect(logged(error)).toBe("Error: bad [redacted]\n    at run ([redacted]:1:1)");
});
