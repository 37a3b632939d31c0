/** Some of the points of points.slow.ts: a write with a key at all of them, and a job at those where most can be lost. */
import { expect, test, vi } from "vitest";
import { breakEachTest } from "../support/injector";
import { playAll, pointsOf, type Point } from "./points";

vi.mock("../../src/runner/runner", async (original) =>
  (await import("../support/injector")).between(await original()),
);

breakEachTest();

const critical = ({ fault, place, times }: Point): boolean =>
  times === 1 &&
  (fault === "lost" || fault === "conflict") &&
  /:(admit|claim|finish|report|work)$/.test(place.name);

test.each([
  ["a mutation with a key", () => true, 15],
  ["the same with a key", critical, 6],
  ["a batch", ({ times }: Point) => times === 6, 15],
])("%s: nothing lost, nothing double, no untrue outcome", async (name, wanted, least) => {
  const { probe, points } = await pointsOf(name);
  const verdicts = await playAll(probe, points.filter(wanted));
  expect(verdicts.length).toBeGreaterThanOrEqual(least);
  expect(verdicts.filter(({ wrong, hits }) => wrong !== undefined || hits === 0)).toEqual([]);
});
