/**
 * Prompts over HTTP: what is said in one that is asked for.
 *
 * @spec MCP 2025-11-25 server/prompts
 * @spec MCP 2026-07-28 server/prompts
 */
import { describe, expect, test } from "vitest";
import { rowsOf } from "../../support/demoApp";
import { t, keys, get, textOf, partsOf, euros } from "./setup";

describe("prompts/get", () => {
  test("order_review without arguments is about the newest 20 drafts", async () => {
    for (const args of [undefined, {}]) {
      const reply = await get(keys.admin, "order_review", args);
      const { task, data } = partsOf(textOf(reply));
      expect(task).toMatch(/^Review these draft orders/);
      expect(reply.json.result?.description).toEqual(expect.any(String));
      const drafts = (await rowsOf(t, "orders")).filter(({ status }) => status === "draft");
      expect(data).toEqual({
        orders: drafts
          .sort((a, b) => b.createdAt - a.createdAt)
          .slice(0, 20)
          .map(({ number, customerName, totalMinor, createdAt }) => ({
            ...{ number, customerName, total: euros(totalMinor) },
            createdAt: new Date(createdAt).toISOString().slice(0, 10),
          })),
      });
    }
  });

  test.each(["draft", "confirmed", "invoiced", "cancelled"])(
    "order_review of %s",
    async (status) => {
      const { task, data } = partsOf(textOf(await get(keys.globex, "order_review", { status })));
      const own = (await rowsOf(t, "orders", "globex")).filter((order) => order.status === status);
      expect(task).toContain(status);
      const listed = data.orders as { number: string; total: string }[];
      for (const { total } of listed) expect(total).toMatch(/^\d+\.\d\d USD$/);
      expect(listed).toHaveLength(Math.min(20, own.length));
      expect(own.map(({ number }) => number)).toEqual(
        expect.arrayContaining(listed.map(({ number }) => number)),
      );
    },
  );

  test("dunning_letter has each open invoice of the customer and no other", async () => {
    const open = (await rowsOf(t, "invoices")).filter(({ status }) => status === "open");
    const customer = open[0]!.customerName;
    const text = textOf(await get(keys.admin, "dunning_letter", { customer }));
    const { task, data } = partsOf(text);
    expect(task).not.toContain(customer);
    const { email } = (await rowsOf(t, "customers")).find(({ name }) => name === customer)!;
    expect(data).toEqual({
      customer,
      email,
      invoices: open
        .filter(({ customerName }) => customerName === customer)
        .map(({ number, issuedAt, totalMinor, paidMinor }) => ({
          number,
          issuedAt: new Date(issuedAt).toISOString().slice(0, 10),
          open: euros(totalMinor - paidMinor),
        })),
    });
  });

  test("a role without the second prompt may use the first", async () => {
    expect((await get(keys.warehouse, "order_review")).json.error).toBeUndefined();
  });
});
