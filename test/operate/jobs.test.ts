/** Jobs as operators see and cancel them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { JobState } from "../../src/data/values";
import { app } from "../../convex/toolgate/tools";
import { listJobs } from "../../src/operate/listJobs";
import { issueKey, rows } from "../support/gate";
import { jobRow, newCounted, rowsRead } from "./jobRows";
import { refusal, t } from "./setup";

const { admin } = internal.toolgate;
type Which = { state: "running" | "ended"; tenant?: string; limit?: number; cursor?: string };
const list = (args: Which, server = t) => server.query(admin.listJobs, args);
const insert = (server: typeof t, all: Parameters<typeof jobRow>[0][]) =>
  server.run(async (ctx) => {
    for (const one of all) await ctx.db.insert("toolgateJobs", jobRow(one));
  });

/** All pages of a list: the ids, newest first. */
const all = async (which: Which, server = t) => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...which, ...(cursor !== undefined && { cursor }) }, server);
    expect(page.jobs.length).toBeLessThanOrEqual(which.limit ?? 50);
    seen.push(...page.jobs.map(({ jobId }) => jobId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
};

const running: JobState[] = ["queued", "working", "input_required"];
const ended: JobState[] = ["succeeded", "failed", "cancelled", "unknown", "denied", "expired"];

describe("list", () => {
  test("shows whose it is and how far, and neither arguments nor result", async () => {
    const { keyId, subject } = await issueKey(t, { name: "importer" });
    const progress = { done: 3, total: 9 };
    const own = { keyId, subject, progress, cancelRequested: true };
    await insert(t, [
      { jobId: "one", ...own, arguments: "SECRET", input: { can: [], answers: "SECRET" } },
    ]);
    await insert(t, [{ jobId: "two", ...own, state: "succeeded", result: "SECRET" }]);
    const title = app.tools.customers_import!().title;
    const shown = {
      ...{ tool: "customers_import", title, tenant: "acme", subject, role: "admin", keyId },
      ...{ keyName: "importer", operation: "op", isHeld: false, progress },
      ...{ createdAt: "1970-01-01T00:00:01.000Z", updatedAt: "1970-01-01T00:00:02.000Z" },
    };
    const { jobs } = await list({ state: "running" });
    expect(jobs).toEqual([{ ...shown, jobId: "one", state: "working", isStopping: true }]);
    const over = await list({ state: "ended" });
    expect(over.jobs).toEqual([
      { ...shown, jobId: "two", state: "succeeded", isStopping: false, ms: 1_000 },
    ]);
  });

  test("says how long each took that has ended: from the yes on if somebody had to approve it", async () => {
    const held = { reason: "much", call: "c", definition: "d", askedAt: 1_000, until: 1e15 };
    const yes = {
      ...held,
      decision: { verdict: "approved", by: "ann", how: "operator", at: 1_700 },
    } as const;
    const no = {
      ...held,
      decision: { verdict: "denied", by: "ann", how: "operator", at: 1_700 },
    } as const;
    await insert(t, [
      { jobId: "plain", state: "failed" },
      { jobId: "approved", state: "succeeded", approval: yes },
      { jobId: "denied", state: "denied", approval: no },
      { jobId: "expired", state: "expired", approval: held },
    ]);
    const { jobs } = await list({ state: "ended" });
    expect(Object.fromEntries(jobs.map(({ jobId, ms }) => [jobId, ms]))).toEqual({
      ...{ plain: 1_000, approved: 300, denied: undefined, expired: undefined },
    });
  });

  test("every mix of states comes newest first, whole and once, page by page", async () => {
    const states = [...running, ...ended, "awaiting_approval"] as const;
    const mix = fc.record({
      jobs: fc.array(fc.record({ state: fc.constantFrom(...states), isGlobex: fc.boolean() }), {
        maxLength: 12,
      }),
      limit: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(mix, async ({ jobs, limit }) => {
        await t.run(async (ctx) => {
          for (const { _id } of await ctx.db.query("toolgateJobs").collect())
            await ctx.db.delete("toolgateJobs", _id);
        });
        const made = jobs.map(({ state, isGlobex }, at) => ({
          ...{ jobId: `${at}`, state, tenant: isGlobex ? "globex" : "acme" },
        }));
        await insert(t, made);
        for (const tenant of [undefined, "acme", "globex", "nonesuch"]) {
          for (const [name, of] of [["running", running] as const, ["ended", ended] as const]) {
            const expected = made
              .filter(({ state }) => of.includes(state))
              .filter((job) => tenant === undefined || job.tenant === tenant)
              .map(({ jobId }) => jobId)
              .reverse();
            const which = { state: name, limit, ...(tenant !== undefined && { tenant }) };
            expect(await all(which)).toEqual(expected);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    { limit: 0 },
    { limit: 201 },
    { cursor: "" },
    { cursor: "made up" },
    { cursor: "1e999" },
  ])("refuses %j", async (args) => {
    const { code, message } = await refusal(list({ state: "ended", ...args }));
    const field = Object.keys(args)[0];
    expect([code, message.split(":")[0]]).toEqual([
      field === "cursor" ? "bad_cursor" : "invalid_arguments",
      field,
    ]);
  });

  test("results of the greatest length do not keep it from being read", async () => {
    const counted = await newCounted();
    const approval = {
      ...{ reason: "large", call: "c", definition: "d", askedAt: 1, until: 1e15, settledAt: 2 },
    };
    const long = { state: "succeeded" as const, result: "x".repeat(256 * 1024), approval };
    for (let round = 0; round < 10; round++) await insert(counted, Array(12).fill(long));
    expect(await all({ state: "ended", limit: 200 }, counted)).toHaveLength(120);
    const decided = { state: "decided", limit: 200 } as const;
    const first = await counted.query(admin.listApprovals, decided);
    expect(first.approvals.length).toBeGreaterThan(20);
    expect(first.nextCursor).not.toBeNull();
  });

  test("reads as many rows when there are many as when there are few", async () => {
    const counted = await newCounted();
    const read = () =>
      rowsRead(counted, (ctx) => listJobs(app).handler(ctx, { state: "ended", limit: 20 }));
    const some = (count: number) =>
      insert(
        counted,
        Array.from({ length: count }, (_, at) => ({ state: ended[at % ended.length]! })),
      );
    await some(60);
    const few = await read();
    await some(400);
    expect(await read()).toBe(few);
    expect(few).toBeLessThanOrEqual(20 + ended.length + 1);
  });
});

describe("cancel", () => {
  const cancel = (jobId: string, reason?: string) =>
    t.mutation(admin.cancelJobById, { jobId, ...(reason !== undefined && { reason }) });

  test("ends one that no worker has, and asks one that runs to stop", async () => {
    await insert(
      t,
      [...running, "awaiting_approval" as const].map((state) => ({ jobId: state, state })),
    );
    for (const state of ["queued", "input_required", "awaiting_approval"])
      expect(await cancel(state)).toMatchObject({ state: "cancelled", isStopping: false });
    expect(await cancel("working")).toMatchObject({ state: "working", isStopping: true });
    expect(await list({ state: "running" })).toMatchObject({ jobs: [{ jobId: "working" }] });
  });

  test("leaves a row that says who, what and why, beside that of the end", async () => {
    await insert(t, [{ jobId: "one", state: "queued", grantId: "g" }]);
    await cancel("one", "Wrong file");
    const entries = await rows(t, "toolgateAudit");
    expect(entries.map(({ method }) => method)).toEqual(["job/end", "jobs/cancel"]);
    expect(entries[1]).toMatchObject({
      ...{ protocol: "operator", outcome: "succeeded", operation: "op", keyId: "k", grantId: "g" },
      ...{ tenant: "acme", arguments: '{"jobId":"one","reason":"Wrong file"}' },
    });
  });

  test.each(ended)("leaves one that is %s as it is, without a row", async (state) => {
    await insert(t, [{ jobId: "one", state }]);
    expect(await cancel("one")).toMatchObject({ state });
    expect(await rows(t, "toolgateAudit")).toEqual([]);
  });

  test("refuses a job that there is not, and a reason that is none", async () => {
    expect(await refusal(cancel("nonesuch"))).toMatchObject({ code: "not_found" });
    await insert(t, [{ jobId: "one" }]);
    for (const reason of ["", " \u200b", "x".repeat(201), "two\nlines", "a\u202eb"])
      expect(await refusal(cancel("one", reason))).toMatchObject({ code: "invalid_arguments" });
    expect((await rows(t, "toolgateJobs"))[0]).toMatchObject({ cancelRequested: false });
  });
});
