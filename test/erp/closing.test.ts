/** The close of a month: nothing changes while it runs, and one that fails, is cancelled or has died posts nothing wrong. */
import { describe, expect, test } from "vitest";
import { confirm, refusal, rows } from "./setup";
import { beginInJuly, startClose, expectTrue, newBooks } from "./books";

beginInJuly();

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
