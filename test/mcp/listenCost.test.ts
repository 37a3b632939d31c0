/** What a client that always listens costs, and how soon it hears. */
import { expect, test } from "vitest";
import { pause } from "../../src/mcp/methods/listen";
import { RENEW_AFTER } from "../../src/mcp/waiting/streamLease";
import { LEASE_MS } from "../../src/middleware/streamBudget";
import { streamSecondsOf, type Toolgate } from "../../src/registry/toolgate";

test("a client that always listens costs at most 300,000 billed calls a month, hears within 10 s, and opens twice an hour", () => {
  const stream = streamSecondsOf({} as Toolgate) * 1000;
  // Claude Code gives up for hours after five in an hour, and Convex ends what lasts longer.
  expect(stream).toBeGreaterThan(3_600_000 / 3);
  expect(stream).toBeLessThan(1_800_000);
  // The request itself, its admission, giving its lease back, and renewing it.
  let calls = 3 + Math.ceil(stream / (RENEW_AFTER * LEASE_MS.listening));
  for (let waited = 0; ; waited += Math.min(pause(waited, waited), stream - waited)) {
    calls++;
    expect(pause(waited, waited)).toBeLessThanOrEqual(10_000);
    if (waited >= stream) break;
  }
  const month = 31 * 24 * 60 * 60 * 1000;
  expect((calls * month) / stream).toBeLessThanOrEqual(300_000);
  // The conformance suite waits 0.8 s for a change.
  expect(pause(1_000, 1_000)).toBeLessThanOrEqual(500);
});
