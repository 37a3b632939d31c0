/** An import that dies, fails or is cancelled half-way keeps whole chunks, and a retry completes it. */
import { v } from "convex/values";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalAction } from "../../../convex/_generated/server";
import * as imports from "../../../convex/erp/imports";
import { issueKey, newBackend } from "../../support/gate";
import { jobOf, theJob } from "../../support/longApp";
import { call, finish, start, until } from "../../support/streamClient";
import { emails, linesOf, people, person, runImport } from "./setup";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(() => {
  vi.restoreAllMocks();
});

type Run = (ref: unknown, args: unknown) => Promise<unknown>;
type Kill = (calls: number, commit: () => Promise<unknown>) => Promise<unknown>;

/** The app whose import is at the mercy of `kill` at every mutation that it asks for. */
const newMortal = async (kill: Kill) => {
  const real = imports.customers as unknown as {
    _handler: (ctx: object, args: object) => Promise<unknown>;
  };
  let calls = 0;
  const customers = internalAction({
    args: v.any(),
    handler: async (ctx, args: object) => {
      const { runMutation: run } = ctx as unknown as { runMutation: Run };
      const runMutation: Run = (ref, given) => kill(calls++, () => run(ref, given));
      return real._handler({ ...ctx, runMutation }, args);
    },
  });
  const t = newBackend({
    "../../convex/erp/imports.ts": () => Promise.resolve({ ...imports, customers }),
  });
  for (const slug of ["acme", "globex"]) {
    await t.mutation(internal.erp.tenants.create, { slug, name: slug, currency: "EUR" });
  }
  const { key } = await issueKey(t);
  return { t, key, calls: () => calls };
};

const never = () => new Promise<never>(() => undefined);

/** What the import does for so many lines, one mutation after the other: it says how many it has done, or adds up to so many. */
const stepsOf = (lines: number) =>
  Array.from({ length: Math.ceil(lines / 5) }, (_, chunk) => {
    const added = { added: Math.min(lines, 5 * chunk + 5) };
    return chunk % 20 === 0 ? [{ done: 5 * chunk }, added] : [added];
  }).flat();

const LINES = 106;
const steps: { done?: number; added?: number }[] = stepsOf(LINES);
const file = `${people(LINES)}\nbad\n${linesOf([{ name: "Twin", email: "PERSON-105@example.com" }])}`;

/** Moments to die: around both reports and the chunks next to them, in the middle, and at the end. */
const moments = [0, 1, 2, 11, 20, 21, 22, 23].flatMap((call) => [
  { name: `before its mutation ${call + 1}`, call, committed: false },
  { name: `after its mutation ${call + 1}`, call, committed: true },
]);

test.concurrent.for(moments)(
  "killed $name: after the retry no line is lost or double",
  async ({ call: at, committed }, { expect }) => {
    let isMortal = true;
    const { t, key, calls } = await newMortal(async (count, commit) => {
      if (!isMortal || count !== at) return commit();
      if (committed) await commit();
      return never();
    });
    const lines = file;
    const args = { lines, idempotencyKey: "first-try" };
    const jobId = await start(t, key, "customers_import", args);
    await until(() => calls() === at + 1);
    if (committed) {
      await until(async () => {
        const { done, added } = steps[at]!;
        return added === undefined
          ? (await jobOf(t, jobId)).progress?.done === done
          : (await emails(t)).length === added;
      });
    }
    // Dead: nothing renews the lease any more, and the watchdog comes by.
    await t.run(async (ctx) => {
      await ctx.db.patch("toolgateJobs", (await ctx.db.query("toolgateJobs").first())!._id, {
        leaseUntil: Date.now(),
      });
    });
    await t.mutation(internal.toolgate.jobs.expire, { jobId });
    expect(await jobOf(t, jobId)).toMatchObject({ state: "unknown" });
    const landed = await emails(t);
    const whole =
      steps.slice(0, committed ? at + 1 : at).findLast(({ added }) => added)?.added ?? 0;
    expect(landed).toHaveLength(whole);
    expect(landed).toEqual(Array.from({ length: landed.length }, (_, n) => person(n).email));
    // The key of the lost call tells that it was lost, and runs nothing.
    isMortal = false;
    const lost = await finish(t, key, "customers_import", args);
    expect(lost.content[0]!.text).toMatch(/^outcome_unknown/);
    const retried = await finish(t, key, "customers_import", {
      ...{ lines, idempotencyKey: "second-try" },
    });
    expect(retried.structuredContent).toEqual({
      lines: LINES + 2,
      imported: LINES - landed.length,
      existing: landed.length + 1,
      failed: 1,
      errors: [{ line: LINES + 1, message: "not valid JSON" }],
    });
    expect(await emails(t)).toEqual(Array.from({ length: LINES }, (_, n) => person(n).email));
  },
);

test("a chunk that throws leaves the job unknown, and keeps the chunks before it", async () => {
  let isMortal = true;
  const { t, key } = await newMortal(async (count, commit) => {
    if (isMortal && count === 5) throw new Error("the database is gone");
    return commit();
  });
  const args = { lines: people(32), idempotencyKey: "same-key-again" };
  const failed = await finish(t, key, "customers_import", args);
  expect(failed.content[0]!.text).toMatch(/^Internal error\. Quote/);
  expect(await theJob(t)).toMatchObject({ state: "unknown" });
  expect(await emails(t)).toHaveLength(20);
  isMortal = false;
  const retry = { ...args, idempotencyKey: "another-key" };
  const retried = await finish(t, key, "customers_import", retry);
  expect(retried.structuredContent).toMatchObject({ imported: 12, existing: 20 });
  expect(new Set(await emails(t)).size).toBe(32);
});

test("cancelled in the middle, whole chunks stay", async () => {
  let jobId = "";
  const { t, key } = await newMortal(async (count, commit) => {
    const result = await commit();
    if (count === 3) await call(t, key, "jobs_cancel", { jobId });
    return result;
  });
  jobId = await start(t, key, "customers_import", { lines: people(150) });
  await until(async () => (await jobOf(t, jobId)).state === "cancelled");
  expect(await emails(t)).toEqual(Array.from({ length: 100 }, (_, n) => person(n).email));
  expect(await runImport(t, key, people(150))).toMatchObject({ imported: 50, existing: 100 });
});
