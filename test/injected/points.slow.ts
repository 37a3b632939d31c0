/** Every call of the library broken in every way, at more than 1,000 points. `npm run injected` prints the table. */
import { expect, test, vi } from "vitest";
import { breakEachTest } from "../support/injector";
import { calls } from "./calls";
import { playAll, pointsOf, tableOf, type Verdict } from "./points";

vi.mock("../../src/runner/runner", async (original) =>
  (await import("../support/injector")).between(await original()),
);

breakEachTest();

const verdicts: Verdict[] = [];

test.each(Object.keys(calls))("%s", async (name) => {
  const { probe, points } = await pointsOf(name);
  const own = await playAll(probe, points);
  verdicts.push(...own);
  expect(own.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
});

test("the table", () => {
  console.log(`${String(verdicts.length)} points\n${tableOf(verdicts)}`);
  expect(verdicts.length).toBeGreaterThanOrEqual(1_000);
});
