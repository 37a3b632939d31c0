/** Closing a month posts its totals once, or nothing. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey, newServer, rows, type Backend } from "../../support/gate";
import { jobOf, theJob } from "../../support/longApp";
import { finish, start, until } from "../../support/streamClient";
import { monthOf, naiveTotals } from "../months";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(() => {
  vi.restoreAllMocks();
});

const DAY_MS = 86_400_000;
/** The month before this one. */
const lastMonth = () => monthOf(Date.parse(`${monthOf(Date.now())}-01T00:00:00Z`) - DAY_MS);

const acmeOf = async (t: Backend, slug = "acme") =>
  (await rows(t, "tenants")).find((tenant) => tenant.slug === slug)!._id;

const newBooks = async (role = "accounting", demo = true) => {
  const t = await newServer({ demo });
  const { key } = await issueKey(t, { role, subject: "bookkeeper" });
  return { t, key };
};

/** A company without orders of its own: the demo data take a second to write. */
const emptyBooks = (role?: string) => newBooks(role, false);

const close = (t: Backend, key: string, period: string) =>
  finish(t, key, "periods_close", { period });

// All at once, so each of them takes as long as all.
describe.concurrent("periods_close", { timeout: 60_000 }, () => {
  test("posts what a naive sum over the data finds, once, and for one tenant", async () => {
    const { t, key } = await newBooks();
    const period = lastMonth();
    const expected = await naiveTotals(t, period);
    expect(Object.values(expected).every((value) => value > 0)).toBe(true);
    const before = await rows(t, "orders");
    const result = await close(t, key, period);
    expect(result.structuredContent).toEqual({
      ...{ ...expected, period, currency: "EUR", closedAt: expect.stringMatching(/Z$/) },
    });
    // What it said last counts what it returns.
    expect((await theJob(t)).progress).toMatchObject({
      done: expected.orders + expected.invoices,
      message: `${expected.orders + expected.invoices} orders and invoices added up`,
    });
    const posted = await rows(t, "periodCloses");
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({
      ...{ ...expected, period, currency: "EUR", closedBy: "bookkeeper" },
      tenantId: await acmeOf(t),
    });
    expect(await rows(t, "orders")).toEqual(before);
    const again = await close(t, key, period);
    expect(again.content[0]!.text).toBe(`already_closed: ${period} is closed. That is final.`);
    expect(await rows(t, "periodCloses")).toEqual(posted);
    // The other tenant closes the same month by its own numbers.
    const globex = await issueKey(t, { tenant: "globex", role: "accounting" });
    const other = await close(t, globex.key, period);
    expect(other.structuredContent).toMatchObject({
      ...(await naiveTotals(t, period, "globex")),
      currency: "USD",
    });
  });

  test("not a month that is not over, nor what is no month", async () => {
    const { t, key } = await emptyBooks();
    for (const period of [monthOf(Date.now()), monthOf(Date.now() + 40 * DAY_MS), "9999-12"]) {
      expect((await close(t, key, period)).content[0]!.text).toBe(
        `period_open: ${period} is not over yet.`,
      );
    }
    for (const period of ["2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", ""]) {
      expect((await close(t, key, period)).content[0]!.text).toMatch(/^invalid_arguments: period/);
    }
    for (const period of ["0000-01", "0099-01", "1969-12"]) {
      expect((await close(t, key, period)).content[0]!.text).toMatch(
        /^invalid_arguments: period: expected a month from 1970-01 on/,
      );
    }
    expect(await rows(t, "periodCloses")).toEqual([]);
    expect(await rows(t, "lockedPeriods")).toEqual([]);
  });

  test("the last millisecond of a month counts, the first of the next does not", async () => {
    const { t, key } = await emptyBooks();
    const period = "2024-12";
    const end = Date.UTC(2025, 0, 1);
    await addOrders(t, [Date.UTC(2024, 11, 1) - 1, Date.UTC(2024, 11, 1), end - 1, end]);
    expect((await close(t, key, period)).structuredContent).toMatchObject({
      ...{ orders: 2, ordersMinor: 2 + 3 },
    });
  });

  test("the month of an early year is one month", async () => {
    const { t, key } = await emptyBooks();
    await addOrders(t, [Date.UTC(1970, 0, 1), Date.UTC(1980, 5, 1)]);
    expect((await close(t, key, "1970-01")).structuredContent).toMatchObject({ orders: 1 });
  });

  test("a month of many pages", async () => {
    const { t, key } = await emptyBooks();
    const period = "2025-02";
    const start = Date.UTC(2025, 1, 1);
    await addOrders(
      t,
      Array.from({ length: 450 }, (_, i) => start + i * 60_000),
    );
    const expected = await naiveTotals(t, period);
    expect(expected.orders).toBe(450);
    const result = await close(t, key, period);
    expect(result.structuredContent).toMatchObject(expected);
    expect((await theJob(t)).progress).toMatchObject({ done: 450 });
  });

  test("two at once: one posts, the other is told", async () => {
    const { t, key } = await newBooks();
    const results = await Promise.all([1, 2].map(() => close(t, key, lastMonth())));
    expect(results.filter(({ isError }) => isError !== true)).toHaveLength(1);
    expect(results.find(({ isError }) => isError)!.content[0]!.text).toMatch(/^already_closed/);
    expect(await rows(t, "periodCloses")).toHaveLength(1);
  });

  test("cancelled on its way it posts nothing, and can be run again", async () => {
    const { t, key } = await newBooks();
    const period = lastMonth();
    const jobId = await start(t, key, "periods_close", { period });
    // The flag is up before the worker's first step.
    const { _id } = await jobOf(t, jobId);
    await t.run(async (ctx) => {
      await ctx.db.patch("toolgateJobs", _id, { cancelRequested: true });
    });
    await until(async () => (await jobOf(t, jobId)).state === "cancelled");
    expect(await rows(t, "periodCloses")).toEqual([]);
    expect(await rows(t, "lockedPeriods")).toEqual([]);
    expect((await close(t, key, period)).isError).toBeUndefined();
  });

  test("failing on its way it posts nothing", async () => {
    const { t, key } = await newBooks();
    const tenantId = await acmeOf(t);
    // An invoice whose amounts are no integers: the page of sums refuses to be returned.
    await t.run(async (ctx) => {
      const invoice = (await ctx.db.query("invoices").collect()).find(
        (row) => row.tenantId === tenantId && monthOf(row.issuedAt) === lastMonth(),
      )!;
      await ctx.db.patch("invoices", invoice._id, { totalMinor: 0.5 });
    });
    expect((await close(t, key, lastMonth())).isError).toBe(true);
    expect(await theJob(t)).toMatchObject({ state: "unknown" });
    expect(await rows(t, "periodCloses")).toEqual([]);
    expect(await rows(t, "lockedPeriods")).toEqual([]);
  });

  test("a viewer has no such tool", async () => {
    const { t, key } = await emptyBooks("viewer");
    await expect(close(t, key, lastMonth())).rejects.toThrow("Unknown tool: periods_close");
  });
});

/** Confirmed orders of acme at these times, of 1, 2, 3 … cents. */
const addOrders = async (t: Backend, times: readonly number[]): Promise<void> => {
  const tenantId = await acmeOf(t);
  const { id } = await t.mutation(internal.erp.customers.create, {
    principal: { subject: "s", tenant: "acme", role: "admin", keyId: "k", operation: "o" },
    ...{ name: "Ada", email: "ada@example.com" },
  });
  await t.run(async (ctx) => {
    const customerId = ctx.db.normalizeId("customers", id)!;
    for (const [i, createdAt] of times.entries()) {
      await ctx.db.insert("orders", {
        ...{ tenantId, number: `X-${i}`, customerId, customerName: "Ada", status: "confirmed" },
        ...{ lines: [], totalMinor: i + 1, currency: "EUR", createdBy: "bob", createdAt },
      });
    }
  });
};
