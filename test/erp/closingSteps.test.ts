/** Whatever steps are taken before, during and after a close, what was posted is what the rows say. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { confirm, erp, refusal, rows } from "./setup";
import { monthOf, naiveTotals } from "./months";
import { JULY, beginInJuly, startClose, expectTrue, newBooks, cancel, pay } from "./books";

beginInJuly();

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
