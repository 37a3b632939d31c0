/** The figures of the console's overview: rates are of the time that is counted, and little is not nothing. */
import { describe, expect, test } from "vitest";
import {
  cappedText,
  countedMs,
  percentText,
  rateText,
} from "../../console/screens/overview/groups";

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const BEGIN = Date.parse("2026-11-29T14:00:00Z");

describe("calls a minute", () => {
  const day = { stepMs: HOUR, foldedTo: iso(BEGIN + 5 * 60_000) };

  test("are of the part of the newest hour that is over and counted", () => {
    expect(rateText(600, countedMs(day, iso(BEGIN)))).toBe("120");
    expect(rateText(600, countedMs(day, iso(BEGIN - HOUR)))).toBe("10");
  });

  test("are of all that is counted of a day, which ends within an hour", () => {
    expect(countedMs(day, iso(BEGIN - 23 * HOUR), 24)).toBe(23 * HOUR + 5 * 60_000);
  });

  test("are none for what is not counted yet, and those of the minute within one", () => {
    const hour = { stepMs: 60_000, foldedTo: iso(BEGIN + 1_000) };
    expect(rateText(0, countedMs(hour, iso(BEGIN + 60_000)))).toBe("–");
    expect(rateText(3, countedMs(hour, iso(BEGIN)))).toBe("3.0");
    expect(rateText(0, countedMs(hour, iso(BEGIN)))).toBe("0");
  });
});

test("what is little does not read as nothing, and nearly all not as all", () => {
  expect([percentText(1, 10_000), percentText(0, 10_000), percentText(0, 0)]).toEqual([
    ...["< 0.1 %", "0 %", "0 %"],
  ]);
  expect([percentText(9_999, 10_000), percentText(5, 5)]).toEqual(["99 %", "100 %"]);
  expect([percentText(998, 10_000), percentText(4, 1_000)]).toEqual(["10 %", "0.4 %"]);
  expect(rateText(5, 168 * HOUR)).toBe("< 0.1");
});

test("what is counted up to 100 says that there may be more", () => {
  expect([cappedText(99), cappedText(100)]).toEqual(["99", "100+"]);
});
