/**
 * The result under an idempotency key is kept for two days.
 *
 * @spec draft-ietf-httpapi-idempotency-key-header-07
 */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { rows } from "../../support/gate";
import { customer, isReplay, send, t, textOf } from "./customers";

const HOUR = 60 * 60 * 1000;

describe("a result is kept for 48 hours", () => {
  const at = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: ms });

  test("and not longer", async () => {
    const start = Date.now() + HOUR;
    at(start);
    const args = customer();
    await send({ args, header: "kept-12345" });
    at(start + 48 * HOUR - 1);
    expect(isReplay(await send({ args, header: "kept-12345" }))).toBe(true);
    at(start + 48 * HOUR);
    expect(textOf(await send({ args, header: "kept-12345" }))).toMatch(/^email_taken: /);
    const fresh = { args: customer(), header: "kept-12345" };
    expect(isReplay(await send(fresh))).toBe(false);
    expect(isReplay(await send(fresh))).toBe(true);
  });

  test("and the sweep leaves it alone until then", async () => {
    const start = Date.now() + HOUR;
    at(start);
    await send({ args: customer(), header: "swept-1234" });
    const sweep = () => t.mutation(internal.toolgate.jobs.sweep, {});
    at(start + 48 * HOUR - 1);
    const none = {
      ...{ results: 0, jobs: 0, streams: 0, states: 0, questions: 0 },
      ...{ connections: 0, devices: 0, documents: 0 },
    };
    expect(await sweep()).toEqual(none);
    at(start + 48 * HOUR + 1);
    expect(await sweep()).toEqual({ ...none, results: 1 });
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
  });
});
