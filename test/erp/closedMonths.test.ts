/** What counts in a closed month stays as it was posted, whatever is done before, during and after the close. */
import { getFunctionName, type FunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { close } from "../../convex/erp/periods";
import { issueInvoice, recordPayment } from "../../convex/erp/billing";
import { addProduct, addCustomer, as, confirm, erp, newErp, refusal, rows } from "./setup";
import { monthOf, naiveTotals } from "./months";
import type { Agent, Backend } from "./setup";

const JULY = Date.UTC(2026, 6, 10);
const AUGUST = Date.UTC(2026, 7, 10);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: JULY });
});

afterEach(() => {
  vi.useRealTimers();
});

const principalOf = (operation: string) => ({
  ...{ subject: "bookkeeper", tenant: "acme", role: "admin", keyId: "k1", operation },
});

type Ref<Kind extends "query" | "mutation"> = FunctionReference<Kind, "internal">;
interface Ended {
  readonly result?: unknown;
  readonly code?: string;
}
type Handler = (ctx: object, args: object) => Promise<unknown>;

/** A close that stops before each step, and goes on when it is told to. */
const startClose = (t: Backend, period: string, operation: string) => {
  let isCancelled = false;
  let step: { name: string; go: () => void; fail: (error: Error) => void } | undefined;
  let wake: () => void = () => undefined;
  const before = (ref: Ref<"query" | "mutation">) =>
    new Promise<void>((go, fail) => {
      step = { name: getFunctionName(ref).split(/[/:]/).slice(-2).join(":"), go, fail };
      wake();
    });
  const ctx = {
    runQuery: async (ref: Ref<"query">, args: object): Promise<unknown> => {
      await before(ref);
      return t.query(ref, args);
    },
    runMutation: async (ref: Ref<"mutation">, args: object): Promise<unknown> => {
      if (getFunctionName(ref).endsWith("jobs:report")) return isCancelled;
      await before(ref);
      return t.mutation(ref, args);
    },
  };
  const job = { jobId: "j", dir: "toolgate" };
  const handler = (close as unknown as { _handler: Handler })._handler;
  const ended = handler(ctx, { principal: principalOf(operation), job, period }).then(
    (result): Ended => ({ result }),
    (error: unknown): Ended => ({
      code: error instanceof ConvexError ? (error.data as { code: string }).code : "error",
    }),
  );
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    wake();
  });
  const reached = async () => {
    while (!isOver && step === undefined)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return isOver ? undefined : step!.name;
  };
  const leave = async (how: "go" | "fail") => {
    if ((await reached()) === undefined) return undefined;
    const left = step!;
    step = undefined;
    if (how === "go") left.go();
    else left.fail(new Error("a step that fails"));
    return reached();
  };
  return {
    /** The step that it stands before; undefined once it has ended. */
    reached,
    next: () => leave("go"),
    /** Its next step fails, and what it does then is done. */
    fail: async () => {
      await leave("fail");
      while ((await leave("go")) !== undefined);
    },
    cancel: async () => {
      isCancelled = true;
      while ((await leave("go")) !== undefined);
    },
    end: async () => {
      while ((await leave("go")) !== undefined);
      return ended;
    },
  };
};

const expectTrue = async (t: Backend) => {
  const posted = await rows(t, "periodCloses");
  for (const row of posted) expect(row).toMatchObject(await naiveTotals(t, row.period));
  return posted;
};

/** A company with orders of July in each state, on a day of August. */
const newBooks = async () => {
  const { t, acme } = await newErp();
  const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 500, stock: 100 });
  const { id: customerId } = await addCustomer(acme);
  const draft = () =>
    acme.mutate(erp.orders.create, { customerId, lines: [{ productId, quantity: 2 }] });
  const orders = { draft: await draft(), confirmed: await draft(), invoiced: await draft() };
  await confirm(acme, orders.confirmed);
  await confirm(acme, orders.invoiced);
  const invoice = await acme.mutate(erp.invoices.issue, { orderId: orders.invoiced.id });
  vi.setSystemTime(AUGUST);
  return { t, acme, orders, invoice, draft };
};

const cancel = (agent: Agent, { id }: { id: string }) =>
  agent.mutate(erp.orders.cancel, { orderId: id, reason: "test" });

const pay = (agent: Agent, invoiceId: string, amountMinor: number) =>
  agent.mutate(erp.payments.record, { invoiceId, amountMinor, method: "cash", reference: "R" });

describe("in a closed month", () => {
  const closedBooks = async () => {
    const books = await newBooks();
    expect(await startClose(books.t, "2026-07", "close-1").end()).toMatchObject({
      result: { period: "2026-07", orders: 2, ordersMinor: 2000, invoices: 1, paidMinor: 0 },
    });
    return books;
  };

  test("a draft is not confirmed; it can be cancelled, and drafted anew", async () => {
    const { t, acme, orders, draft } = await closedBooks();
    expect(await refusal(confirm(acme, orders.draft))).toEqual({
      code: "period_closed",
      message: `Order ${orders.draft.number} cannot be confirmed: its month, 2026-07, is closed. Cancel it with orders_cancel, and draft it again with orders_create: the new order is of the open month.`,
    });
    expect((await cancel(acme, orders.draft)).status).toBe("cancelled");
    expect((await confirm(acme, await draft())).status).toBe("confirmed");
    await expectTrue(t);
  });

  test("a confirmed order is not cancelled, and nobody is asked; its goods can come back", async () => {
    const { t, acme, orders } = await closedBooks();
    const expected = {
      code: "period_closed",
      message: `Order ${orders.confirmed.number} cannot be cancelled: its month, 2026-07, is closed. Correct it in the open month: stock_adjust with the reason returned takes its goods back, and the order stays as it is.`,
    };
    expect(await refusal(cancel(acme, orders.confirmed))).toEqual(expected);
    const asked = t.mutation(erp.orders.cancel, {
      ...{ principal: principalOf("o"), orderId: orders.confirmed.id, reason: "test" },
      input: { can: ["elicitation"], answers: "{}" },
    });
    expect(await refusal(asked)).toEqual(expected);
    const { productId } = orders.confirmed.lines[0]!;
    const back = { productId, quantity: 2, reason: "returned" } as const;
    expect((await acme.mutate(erp.stock.adjust, back)).onHand).toBe(98);
    await expectTrue(t);
  });

  test("an old order is invoiced today, and an old invoice paid: no posted total has them", async () => {
    const { t, acme, orders, invoice } = await closedBooks();
    const [posted] = await rows(t, "periodCloses");
    const late = await acme.mutate(erp.invoices.issue, { orderId: orders.confirmed.id });
    expect(late.issuedAt).toMatch(/^2026-08-10/);
    expect(await pay(acme, invoice.id, 1000)).toMatchObject({ invoiceStatus: "paid" });
    expect(await rows(t, "periodCloses")).toEqual([posted]);
    await expectTrue(t);
    vi.setSystemTime(Date.UTC(2026, 8, 1));
    expect(await startClose(t, "2026-08", "close-2").end()).toMatchObject({
      result: { orders: 0, invoices: 1, invoicesMinor: 1000, paidMinor: 1000 },
    });
  });

  test("nothing is dated into it", async () => {
    const { t, orders, invoice } = await closedBooks();
    const attempt = (work: "invoice" | "payment") =>
      t.run(async (ctx) => {
        const tenant = (await ctx.db.query("tenants").first())!;
        const own = { db: ctx.db, tenant, principal: principalOf("o") };
        const row = async <Table extends "orders" | "invoices">(table: Table, id: string) =>
          (await ctx.db.get(ctx.db.normalizeId(table, id)!))!;
        if (work === "invoice")
          return issueInvoice(own, await row("orders", orders.confirmed.id), JULY);
        const payment = { amountMinor: 1, method: "cash", reference: "R" } as const;
        return recordPayment(own, await row("invoices", invoice.id), payment, JULY);
      });
    const refused = ["An invoice cannot be issued", "A payment cannot be recorded"];
    for (const [at, work] of (["invoice", "payment"] as const).entries()) {
      expect(await refusal(attempt(work))).toEqual({
        code: "period_closed",
        message: `${refused[at]}: its month, 2026-07, is closed. Date it into the open month.`,
      });
    }
    await expectTrue(t);
  });

  test("another company is not bound by it", async () => {
    const { t } = await closedBooks();
    vi.setSystemTime(JULY);
    const globex = as(t, "globex");
    const productId = await addProduct(t, "globex", { sku: "A", unitPriceMinor: 1, stock: 9 });
    const { id: customerId } = await addCustomer(globex);
    const lines = [{ productId, quantity: 1 }];
    const order = await globex.mutate(erp.orders.create, { customerId, lines });
    vi.setSystemTime(AUGUST);
    await confirm(globex, order);
    expect((await cancel(globex, order)).status).toBe("cancelled");
  });
});

describe("a close", () => {
  test("lets nothing change from its first step on, and says so", async () => {
    const { t, acme, orders } = await newBooks();
    const closing = startClose(t, "2026-07", "close-1");
    const steps = [];
    for (let at = await closing.next(); at !== undefined; at = await closing.next()) {
      steps.push(at);
      expect(await refusal(confirm(acme, orders.draft))).toMatchObject({
        code: "period_closed",
        message: expect.stringContaining("its month, 2026-07, is being closed. If the"),
      });
    }
    expect(steps).toEqual([
      ...["periodSums:orders", "periodSums:invoices", "periodSums:payments", "periods:post"],
    ]);
    expect(await expectTrue(t)).toHaveLength(1);
  });

  test.each([0, 1, 2, 3, 4])("that fails at step %i opens the month again", async (at) => {
    const { t, acme, orders } = await newBooks();
    const closing = startClose(t, "2026-07", "close-1");
    for (let step = 0; step < at; step++) await closing.next();
    await closing.fail();
    expect((await closing.end()).code).toBe("error");
    expect(await rows(t, "lockedPeriods")).toEqual([]);
    await confirm(acme, orders.draft);
    expect((await startClose(t, "2026-07", "close-2").end()).result).toMatchObject({ orders: 3 });
    await expectTrue(t);
  });

  test("that is cancelled opens the month again", async () => {
    const { t, acme, orders } = await newBooks();
    const closing = startClose(t, "2026-07", "close-1");
    await closing.next();
    await closing.cancel();
    expect((await closing.end()).code).toBe("cancelled");
    expect((await confirm(acme, orders.draft)).status).toBe("confirmed");
  });

  test("that has died is taken up by the next", async () => {
    const { t, acme, orders } = await newBooks();
    const dead = startClose(t, "2026-07", "close-1");
    await dead.next();
    await dead.next();
    expect((await refusal(confirm(acme, orders.draft))).code).toBe("period_closed");
    expect((await startClose(t, "2026-07", "close-2").end()).result).toMatchObject({ orders: 2 });
    // It was not dead after all. It finds the month closed, and leaves it so.
    expect((await dead.end()).code).toBe("already_closed");
    expect((await refusal(confirm(acme, orders.draft))).code).toBe("period_closed");
    expect(await expectTrue(t)).toHaveLength(1);
  });

  test("posts nothing of before, if the month was open in between", async () => {
    const { t, acme, orders } = await newBooks();
    const slow = startClose(t, "2026-07", "close-1");
    while ((await slow.reached()) !== "periods:post") await slow.next();
    const other = startClose(t, "2026-07", "close-2");
    await other.next();
    await other.cancel();
    await confirm(acme, orders.draft);
    const third = startClose(t, "2026-07", "close-3");
    await third.next();
    expect((await slow.end()).code).toBe("interrupted");
    expect(await rows(t, "periodCloses")).toEqual([]);
    expect((await third.end()).result).toMatchObject({ orders: 3 });
    await expectTrue(t);
  });

  test("that fails does not open the month under one that has taken it up", async () => {
    const { t, acme, orders } = await newBooks();
    const first = startClose(t, "2026-07", "close-1");
    await first.next();
    const second = startClose(t, "2026-07", "close-2");
    await second.next();
    await first.fail();
    expect((await refusal(confirm(acme, orders.draft))).code).toBe("period_closed");
    expect((await second.end()).result).toMatchObject({ orders: 2 });
  });
});

const one = fc.nat(30);
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("draft" as const), which: one }) },
    ...(["confirm", "cancel", "invoice", "pay"] as const).map((kind) => ({
      ...{ weight: 4, arbitrary: fc.record({ kind: fc.constant(kind), which: one }) },
    })),
    ...(["month", "close", "fail", "stop"] as const).map((kind) => ({
      ...{
        weight: kind === "close" ? 4 : 1,
        arbitrary: fc.record({ kind: fc.constant(kind), which: one }),
      },
    })),
    { weight: 16, arbitrary: fc.record({ kind: fc.constant("next" as const), which: one }) },
  ),
  { minLength: 30, maxLength: 50, size: "max" },
);

test("after any steps, what was posted is what the rows say", { timeout: 60_000 }, async () => {
  let posted = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      vi.setSystemTime(JULY);
      const { t, acme, orders: first, invoice, draft } = await newBooks();
      const orders: { id: string; totalMinor: number }[] = [first.draft, first.confirmed];
      const invoices: string[] = [invoice.id];
      const closes: ReturnType<typeof startClose>[] = [];
      let month = 7;
      const lastMonth = () => monthOf(Date.UTC(2026, month - 1, 1));
      /** One of the newest. */
      const pick = <T>(all: readonly T[], which: number): T =>
        all[all.length - 1 - (which % Math.min(all.length, 4))]!;
      const take = {
        draft: async () => orders.push(await draft()),
        confirm: (which: number) => confirm(acme, pick(orders, which)),
        cancel: (which: number) => cancel(acme, pick(orders, which)),
        invoice: async (which: number) => {
          const { id: orderId } = pick(orders, which);
          invoices.push((await acme.mutate(erp.invoices.issue, { orderId })).id);
        },
        pay: (which: number) => pay(acme, pick(invoices, which), 1),
        month: () => vi.setSystemTime(Date.UTC(2026, ++month, 3)),
        close: async () => {
          closes.push(startClose(t, lastMonth(), `close-${closes.length}`));
          await closes.at(-1)!.next();
        },
        next: (which: number) => pick(closes, which >> 2).next(),
        fail: (which: number) => pick(closes, which).fail(),
        stop: (which: number) => pick(closes, which).cancel(),
      };
      for (const { kind, which } of sequence) {
        if (["next", "fail", "stop"].includes(kind) && closes.length === 0) continue;
        try {
          await take[kind](which);
        } catch (error) {
          const { code } = await refusal(Promise.reject(error));
          expect(["wrong_state", "period_closed", "overpayment", "insufficient_stock"]).toContain(
            code,
          );
        }
        const all = await expectTrue(t);
        posted += all.filter((row) => row.orders > 0 && row.invoices > 0).length;
      }
      // Whatever is left half done, the next call ends it.
      const [before] = (await rows(t, "periodCloses")).filter((row) => row.period === lastMonth());
      const { result, code } = await startClose(t, lastMonth(), "at-last").end();
      if (before === undefined) expect(result).toMatchObject(await naiveTotals(t, lastMonth()));
      else expect(code).toBe("already_closed");
    }),
    { numRuns: 10 },
  );
  expect(posted).toBeGreaterThan(0);
});
