/** Which errors are Convex's own, and what a runner makes of them. */
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isTemporary, type Kind } from "./overload";
import { Overloaded, runnerOf } from "./runner";

const ref = makeFunctionReference<"mutation">("a:b");

/** As an action of Convex gets them. */
const refused = [
  'Documents read from or written to the "orders" table changed while this mutation was being run and on every subsequent retry. See …',
  "Documents read from or written to some table changed while this mutation was being run and on every subsequent retry.",
  "Data read or written in this mutation changed while it was being run. Consider reducing the amount of data read …",
  "Too many concurrent requests. Your backend is limited to 16 concurrent mutations. To get more resources, upgrade …",
  "Too many concurrent requests in a short period of time. Spread out your requests out over time …",
  "There are no available workers to process the request",
  "Too many concurrent commits in a short period of time. Spread your writes out over time …",
  "Too many writes per second. Your deployment is limited to 4 MiB bytes written per 1s.",
  "Too many writes to orders. Spread your writes out over time …",
  "Failed to connect to upstream",
  "Search indexes bootstrapping and not yet available for use",
];
const timedOut = "Your request timed out performing too many system operations.";
const brokenOff = "Your request couldn't be completed. Try again later.";

const isPassing = (error: unknown, kind: Kind = "mutation", isRepeatable = false) =>
  isTemporary(error, kind, isRepeatable);

test.each(refused)("nothing was done, whatever was called: %s", (text) => {
  for (const kind of ["query", "mutation", "action"] as const) {
    expect(isPassing(new Error(text), kind)).toBe(true);
    // As Convex's HTTP clients see it.
    expect(isPassing(new Error(`SomeCode: ${text}`), kind)).toBe(true);
    expect(isPassing(new Error(`Uncaught Error: ${text}`), kind)).toBe(false);
    expect(isPassing(new ConvexError(text), kind)).toBe(false);
  }
});

test("what broke off may have been done", () => {
  const passing = (text: string) =>
    (["query", "mutation", "action"] as const).map((kind) => isPassing(new Error(text), kind));
  expect(passing(timedOut)).toEqual([true, true, false]);
  expect(passing(brokenOff)).toEqual([false, false, false]);
  expect(isPassing(new Error(brokenOff), "mutation", true)).toBe(true);
});

test.each([
  "Too many writes in a single function execution (limit: 16000)",
  "Function execution timed out (maximum duration: 1s)",
  "ArgumentValidationError: Value does not match validator.",
  "Uncaught Error: Too many concurrent bookings",
])("a fault of the function is none of Convex's: %s", (text) => {
  expect(isPassing(new Error(text), "mutation", true)).toBe(false);
});

describe("a runner", () => {
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(-0.5);
  });

  const running = (...errors: Error[]) => {
    const call = vi.fn(async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return "done";
    });
    return {
      call,
      runner: runnerOf({ runQuery: call, runMutation: call, runAction: call } as never),
    };
  };
  const busy = () => new Error(refused[0]);

  test("tries once, and says that it may be tried again", async () => {
    const { call, runner } = running(busy());
    const error: unknown = await runner.mutation(ref, {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Overloaded);
    expect((error as Error).cause).toEqual(busy());
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("that is patient tries five times", async () => {
    const four = running(busy(), busy(), busy(), busy());
    expect(await four.runner.patient().mutation(ref, {})).toBe("done");
    const five = running(busy(), busy(), busy(), busy(), busy());
    await expect(five.runner.patient().mutation(ref, {})).rejects.toThrow(Overloaded);
    expect(five.call).toHaveBeenCalledTimes(5);
  });

  test("does not repeat what may have been done, nor any action, nor what a function refuses", async () => {
    const lost = running(new Error(brokenOff));
    await expect(lost.runner.patient().mutation(ref, {})).rejects.toThrow(brokenOff);
    const action = running(busy());
    await expect(action.runner.patient().action(ref as never, {} as never)).rejects.toThrow(
      Overloaded,
    );
    const refusing = running(new ConvexError("no"));
    await expect(refusing.runner.patient().mutation(ref, {}, true)).rejects.toThrow(ConvexError);
    for (const { call } of [lost, action, refusing]) expect(call).toHaveBeenCalledTimes(1);
  });

  test("repeats what does no more twice than once, after any error", async () => {
    const { call, runner } = running(new Error(brokenOff), new Error("anything"));
    expect(await runner.patient().mutation(ref, {}, true)).toBe("done");
    expect(call).toHaveBeenCalledTimes(3);
  });
});
