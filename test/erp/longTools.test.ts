/** The two long tools of the ERP: importing customers, also when it dies half-way, and closing a month. */
import { v } from "convex/values";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { internalAction } from "../../convex/_generated/server";
import * as imports from "../../convex/erp/imports";
import { issueKey, newBackend, newServer, rows, type Backend } from "../support/gate";
import { jobOf, theJob } from "../support/longApp";
import { call, finish, start, until } from "../support/streamClient";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(() => {
  vi.restoreAllMocks();
});

interface Report {
  lines: number;
  imported: number;
  existing: number;
  failed: number;
  errors: { line: number; message: string }[];
}

const runImport = async (t: Backend, key: string, lines: string): Promise<Report> => {
  const result = await finish(t, key, "customers_import", { lines });
  if (result.isError) throw new Error(result.content[0]!.text);
  return result.structuredContent as unknown as Report;
};

const newCompany = async () => {
  const t = await newServer();
  const { key } = await issueKey(t);
  return { t, key };
};

const person = (n: number) => ({ name: `Person ${n}`, email: `person-${n}@example.com` });
const linesOf = (values: readonly unknown[]) =>
  values.map((value) => JSON.stringify(value)).join("\n");
const people = (count: number) => linesOf(Array.from({ length: count }, (_, n) => person(n)));

const emails = async (t: Backend) => (await rows(t, "customers")).map(({ email }) => email);

// They mostly wait, so they wait together.
describe.concurrent("customers_import", () => {
  test("good lines land whole", async () => {
    const { t, key } = await newCompany();
    const full = {
      ...{ name: "  Ada Lovelace ", email: "Ada@Example.COM", phone: "+49 30 1" },
      ...{ city: "Berlin", country: "DE" },
    };
    expect(await runImport(t, key, linesOf([full, person(1)]))).toEqual({
      ...{ lines: 2, imported: 2, existing: 0, failed: 0, errors: [] },
    });
    const [ada, other] = await rows(t, "customers");
    expect(ada).toMatchObject({ ...full, name: "Ada Lovelace", email: "ada@example.com" });
    expect(other).toMatchObject(person(1));
    expect(other).not.toHaveProperty("phone");
    const found = await call(t, key, "customers_search", { text: "lovelace" });
    expect((found.structuredContent!.items as unknown[]).length).toBe(1);
    const tenants = await rows(t, "tenants");
    expect(ada!.tenantId).toBe(tenants.find(({ slug }) => slug === "acme")!._id);
  });

  test("bad lines are named by their number, and stop nothing", async () => {
    const { t, key } = await newCompany();
    const lines = [
      "",
      JSON.stringify(person(1)),
      "   ",
      "{ not json",
      '{"name":"A"}',
      '{"name":7,"email":"a@example.com"}',
      '{"name":"A","email":"no address"}',
      '{"name":"A","email":"a@example.com","vat":"DE1"}',
      '{"name":"   ","email":"a@example.com"}',
      '{"name":"A","email":"a@example.com","country":"de"}',
      "[]",
      "null",
      '"text"',
      "17",
      `{"name":"${"x".repeat(121)}","email":"a@example.com"}`,
      '{"name":"A","email":"a@example.com","phone":null}',
      `${JSON.stringify(person(2))} trailing`,
      JSON.stringify(person(3)),
      "",
    ].join("\r\n");
    const report = await runImport(t, key, lines);
    expect(report).toMatchObject({ lines: 16, imported: 2, existing: 0, failed: 14 });
    expect(report.errors.map(({ line }) => line)).toEqual([
      ...[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    ]);
    const messageOf = (line: number) => report.errors.find((error) => error.line === line)!.message;
    expect(messageOf(4)).toBe("is not valid JSON");
    expect(messageOf(17)).toBe("is not valid JSON");
    expect(messageOf(5)).toMatch(/^email: /);
    expect(messageOf(6)).toMatch(/^name: /);
    expect(messageOf(8)).toContain('"vat"');
    expect(messageOf(10)).toMatch(/^country: /);
    expect(messageOf(16)).toMatch(/^phone: /);
    expect(await emails(t)).toEqual([person(1).email, person(3).email]);
  });

  test("LF and CRLF and their mix count the same", async () => {
    const { t, key } = await newCompany();
    const text = `${JSON.stringify(person(1))}\n\r\n${JSON.stringify(person(2))}\r\nbad\n`;
    expect(await runImport(t, key, text)).toMatchObject({
      ...{ lines: 3, imported: 2, errors: [{ line: 4 }] },
    });
  });

  test("a byte order mark does not cost the first line", async () => {
    const { t, key } = await newCompany();
    expect(await runImport(t, key, `\uFEFF${people(2)}`)).toMatchObject({ imported: 2 });
  });

  test("of the same address within a file, in whatever case and chunk, the first counts", async () => {
    const { t, key } = await newCompany();
    const many = Array.from({ length: 120 }, (_, n) => person(n));
    const twin = { name: "Twin", email: "PERSON-0@example.com" };
    const report = await runImport(t, key, linesOf([...many.slice(0, 5), twin, ...many, twin]));
    expect(report).toMatchObject({ lines: 127, imported: 120, existing: 7, failed: 0 });
    const all = await rows(t, "customers");
    expect(all).toHaveLength(120);
    expect(all[0]).toMatchObject({ name: "Person 0", email: "person-0@example.com" });
  });

  test("again imports nothing twice and changes nothing", async () => {
    const { t, key } = await newCompany();
    await runImport(t, key, people(130));
    const before = await rows(t, "customers");
    const changed = people(130).replaceAll("Person", "PERSON").replaceAll("person-", "Person-");
    expect(await runImport(t, key, changed)).toMatchObject({ imported: 0, existing: 130 });
    expect(await rows(t, "customers")).toEqual(before);
  });

  test("two at once import nothing twice", async () => {
    const { t, key } = await newCompany();
    const reports = await Promise.all([1, 2].map(() => runImport(t, key, people(250))));
    expect(reports[0]!.imported + reports[1]!.imported).toBe(250);
    expect(new Set(await emails(t)).size).toBe(250);
    expect(await emails(t)).toHaveLength(250);
  });

  test("names the first 100 errors and counts all", async () => {
    const { t, key } = await newCompany();
    const text = Array.from({ length: 150 }, () => "bad").join("\n") + "\n" + people(1);
    const report = await runImport(t, key, text);
    expect(report).toMatchObject({ lines: 151, imported: 1, failed: 150 });
    expect(report.errors.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  test("no lines are no customers; no text at all is refused", async () => {
    const { t, key } = await newCompany();
    const nothing = { lines: 0, imported: 0, existing: 0, failed: 0, errors: [] };
    expect(await runImport(t, key, "\n \r\n\t\n")).toEqual(nothing);
    await expect(runImport(t, key, "")).rejects.toThrow("invalid_arguments: lines");
  });

  test("another tenant has its own addresses", async () => {
    const { t, key } = await newCompany();
    const globex = await issueKey(t, { tenant: "globex" });
    await runImport(t, key, people(3));
    expect(await runImport(t, globex.key, people(3))).toMatchObject({ imported: 3, existing: 0 });
  });

  test("a role without customers:import has no such tool", async () => {
    const { t } = await newCompany();
    const { key } = await issueKey(t, { role: "viewer" });
    await expect(finish(t, key, "customers_import", { lines: people(1) })).rejects.toThrow(
      "Unknown tool: customers_import",
    );
  });

  test("says how far it has come, chunk by chunk", async () => {
    const { t, key } = await newCompany();
    const told = vi.fn();
    const jobId = await start(t, key, "customers_import", { lines: people(250) });
    await until(async () => {
      const { progress, state } = await jobOf(t, jobId);
      if (progress !== undefined) told(progress);
      return state === "succeeded";
    });
    const { progress } = await jobOf(t, jobId);
    expect(progress).toEqual({ done: 200, total: 250, message: "200 of 250 customers" });
  });
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

/** Five chunks, each reported and then added: ten mutations, and with them 20 moments to die, before and after each. */
const LINES = 401;
const file = `${people(LINES)}\nbad\n${linesOf([{ name: "Twin", email: "PERSON-400@example.com" }])}`;
const moments = Array.from({ length: 10 }, (_, call) => [
  { name: `before its mutation ${call + 1}`, call, committed: false },
  { name: `after its mutation ${call + 1}`, call, committed: true },
]).flat();

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
        const { progress } = await jobOf(t, jobId);
        const added = (await emails(t)).length;
        return at % 2 === 0
          ? progress?.done === (at / 2) * 100
          : added === Math.min(LINES, ((at + 1) / 2) * 100);
      });
    }
    // Dead: nothing renews the lease any more, and the watchdog comes by.
    await t.run(async (ctx) => {
      await ctx.db.patch("mcpJobs", (await ctx.db.query("mcpJobs").first())!._id, {
        leaseUntil: Date.now(),
      });
    });
    await t.mutation(internal.jobs.expire, { jobId });
    expect(await jobOf(t, jobId)).toMatchObject({ state: "unknown" });
    const landed = await emails(t);
    expect(landed.length === LINES || landed.length % 100 === 0).toBe(true);
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
      errors: [{ line: LINES + 1, message: "is not valid JSON" }],
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
  const args = { lines: people(320), idempotencyKey: "same-key-again" };
  const failed = await finish(t, key, "customers_import", args);
  expect(failed.content[0]!.text).toMatch(/^Internal error\. Quote/);
  expect(await theJob(t)).toMatchObject({ state: "unknown" });
  expect(await emails(t)).toHaveLength(200);
  isMortal = false;
  const retry = { ...args, idempotencyKey: "another-key" };
  const retried = await finish(t, key, "customers_import", retry);
  expect(retried.structuredContent).toMatchObject({ imported: 120, existing: 200 });
  expect(new Set(await emails(t)).size).toBe(320);
});

test("cancelled in the middle, whole chunks stay", async () => {
  let jobId = "";
  const { t, key } = await newMortal(async (count, commit) => {
    const result = await commit();
    if (count === 3) await call(t, key, "jobs_cancel", { jobId });
    return result;
  });
  jobId = await start(t, key, "customers_import", { lines: people(450) });
  await until(async () => (await jobOf(t, jobId)).state === "cancelled");
  expect(await emails(t)).toEqual(Array.from({ length: 200 }, (_, n) => person(n).email));
  expect(await runImport(t, key, people(450))).toMatchObject({ imported: 250, existing: 200 });
});

const DAY_MS = 86_400_000;
const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7);
/** The month before this one. */
const lastMonth = () => monthOf(Date.parse(`${monthOf(Date.now())}-01T00:00:00Z`) - DAY_MS);

const acmeOf = async (t: Backend, slug = "acme") =>
  (await rows(t, "tenants")).find((tenant) => tenant.slug === slug)!._id;

/** The totals, by another way than the tool's. */
const naiveTotals = async (t: Backend, period: string, slug = "acme") => {
  const tenantId = await acmeOf(t, slug);
  const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0);
  const orders = (await rows(t, "orders")).filter(
    (order) =>
      order.tenantId === tenantId &&
      monthOf(order.createdAt) === period &&
      ["confirmed", "invoiced"].includes(order.status),
  );
  const invoices = (await rows(t, "invoices")).filter(
    (invoice) => invoice.tenantId === tenantId && monthOf(invoice.issuedAt) === period,
  );
  return {
    orders: orders.length,
    ordersMinor: sum(orders.map(({ totalMinor }) => totalMinor)),
    invoices: invoices.length,
    invoicesMinor: sum(invoices.map(({ totalMinor }) => totalMinor)),
    paidMinor: sum(invoices.map(({ paidMinor }) => paidMinor)),
  };
};

const newBooks = async (role = "accounting") => {
  const t = await newServer({ demo: true });
  const { key } = await issueKey(t, { role, subject: "bookkeeper" });
  return { t, key };
};

const close = (t: Backend, key: string, period: string) =>
  finish(t, key, "periods_close", { period });

describe.concurrent("periods_close", () => {
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
    const { t, key } = await newBooks();
    for (const period of [monthOf(Date.now()), monthOf(Date.now() + 40 * DAY_MS), "9999-12"]) {
      expect((await close(t, key, period)).content[0]!.text).toBe(
        `period_open: ${period} is not over yet.`,
      );
    }
    for (const period of ["2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", ""]) {
      expect((await close(t, key, period)).content[0]!.text).toMatch(/^invalid_arguments: period/);
    }
    expect(await rows(t, "periodCloses")).toEqual([]);
  });

  test("the last millisecond of a month counts, the first of the next does not", async () => {
    const { t, key } = await newBooks();
    const period = "2024-12";
    const end = Date.UTC(2025, 0, 1);
    await addOrders(t, [Date.UTC(2024, 11, 1) - 1, Date.UTC(2024, 11, 1), end - 1, end]);
    expect((await close(t, key, period)).structuredContent).toMatchObject({
      ...{ orders: 2, ordersMinor: 2 + 3 },
    });
  });

  test("the month of an early year is one month", async () => {
    const { t, key } = await newBooks();
    await addOrders(t, [Date.UTC(1980, 5, 1)]);
    expect((await close(t, key, "0099-01")).structuredContent).toMatchObject({ orders: 0 });
  });

  test("a month of many pages", async () => {
    const { t, key } = await newBooks();
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
      await ctx.db.patch("mcpJobs", _id, { cancelRequested: true });
    });
    await until(async () => (await jobOf(t, jobId)).state === "cancelled");
    expect(await rows(t, "periodCloses")).toEqual([]);
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
  });

  test("a viewer has no such tool", async () => {
    const { t, key } = await newBooks("viewer");
    await expect(close(t, key, lastMonth())).rejects.toThrow("Unknown tool: periods_close");
  });
});

/** Confirmed orders of acme at these times, of 1, 2, 3 … cents. */
const addOrders = async (t: Backend, times: readonly number[]): Promise<void> => {
  const tenantId = await acmeOf(t);
  await t.run(async (ctx) => {
    const { _id, _creationTime, invoiceId, ...order }: Doc<"orders"> = (await ctx.db
      .query("orders")
      .first())!;
    for (const [i, createdAt] of times.entries()) {
      await ctx.db.insert("orders", {
        ...order,
        ...{ tenantId, number: `X-${i}`, status: "confirmed", totalMinor: i + 1, createdAt },
      });
    }
  });
};
