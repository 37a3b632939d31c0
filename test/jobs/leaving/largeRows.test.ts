/** A cancellation by the id of a request reads no more than a transaction may, however large the jobs under that id are. */
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import schema from "../../../convex/schema";
import { jobRow } from "../../operate/jobRows";

const withJobs = async (count: number, sessionOf: (at: number) => string) => {
  const t = convexTest({
    ...{ schema, modules: import.meta.glob("../../../convex/**/*.*s"), transactionLimits: true },
  });
  for (let at = 0; at < count; at++) {
    const large = { state: "queued", arguments: "x".repeat(880 * 1024) } as const;
    const row = jobRow({ ...large, jobId: String(at), requestId: "1", session: sessionOf(at) });
    await t.run((ctx) => ctx.db.insert("toolgateJobs", row));
  }
  return t;
};

/** The state of the oldest job, after its client has asked to cancel it. */
const cancelled = async (t: Awaited<ReturnType<typeof withJobs>>) => {
  const named = { keyId: "k", session: "own", requestId: "1" };
  await t.mutation(internal.toolgate.jobs.cancelRequest, named);
  const oldest = await t.run((ctx) => ctx.db.query("toolgateJobs").first());
  return oldest?.state;
};

const ofOthers = (at: number) => (at === 0 ? "own" : `other${String(at)}`);

test("of 20 large jobs of one client, none is cancelled, and nothing fails", async () => {
  expect(await cancelled(await withJobs(20, () => "own"))).toBe("queued");
});

test("beside 19 large jobs of others, nothing fails either", async () => {
  expect(await cancelled(await withJobs(20, ofOthers))).toBe("queued");
});

test("beside five, one's own is cancelled", async () => {
  expect(await cancelled(await withJobs(6, ofOthers))).toBe("cancelled");
});
