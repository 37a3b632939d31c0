/** A number of the app that is out of range, or none, is refused where it is stated: a push fails, and no call meets it. */
import { expect, test } from "vitest";
import { defineToolgate } from "../../src/entry/tools";

const app = { name: "probe", version: "1", permissions: [], roles: () => ({}), tools: {} };
const define = (more: object) => defineToolgate({ ...app, ...more });

test.each([
  {},
  { audit: {}, approvals: {} },
  { audit: { keepDays: 1 }, approvals: { expiresHours: 1 }, streamSeconds: 1 },
  { audit: { keepDays: 3_650 }, approvals: { expiresHours: 168 }, streamSeconds: 1_700 },
  { approvals: { expiresHours: 1.5 }, streamSeconds: 2.5 },
])("%j is taken as it is", (more) => {
  expect(define(more)).toEqual({ dir: "toolgate", ...app, ...more });
});

/** What no setting takes; NaN is what a variable that is not set gives. */
const NONE = [NaN, 0, -1, Infinity, "8", null];

test.each([
  ...[...NONE, 1.5].map((keepDays) => [
    { audit: { keepDays } },
    "audit.keepDays",
    "a whole number from 1",
  ]),
  ...[...NONE, 169].map((expiresHours) => [
    ...[{ approvals: { expiresHours } }, "approvals.expiresHours", "a number from 1 to 168"],
  ]),
  ...[...NONE, 1_701].map((streamSeconds) => [
    ...[{ streamSeconds }, "streamSeconds", "a number from 1 to 1700"],
  ]),
] as [object, string, string][])("%o is refused", (more, setting, what) => {
  expect(() => define(more)).toThrow(`defineToolgate: ${setting} must be ${what}`);
});
