/** The rows that the tools of the ERP write name the operation of their call. */
import { describe, expect, test } from "vitest";
import type { Doc, TableNames } from "../../../../convex/_generated/dataModel";
import { insertCustomer } from "../../../../convex/erp/customerRows";
import { insertProduct } from "../../../../convex/erp/products";
import { erpTables } from "../../../../convex/erp/tables";
import { rows, type ToolResult } from "../../../support/gate";
import { within } from "../../../support/within";
import { ada, audit, call, t } from "../setup";
import { metaOf, OPERATION } from "./named";

/** The rows of the ERP that tools write, by their tables. */
const erpRows = async (): Promise<[string, Doc<"orders">][]> => {
  const tables = Object.keys(erpTables).filter((table) => table !== "tenants");
  const all = await Promise.all(
    tables.map(async (table) =>
      (await rows(t, table as TableNames)).map((row) => [table, row] as [string, Doc<"orders">]),
    ),
  );
  return all.flat();
};

/** A product and a customer, which no call made. */
const stock = () =>
  t.run(async (ctx) => {
    const tenant = (await ctx.db.query("tenants").first())!;
    const product = { sku: "A", name: "A", unitPriceMinor: 5 };
    return {
      productId: await insertProduct(within(ctx, tenant), product),
      customerId: await insertCustomer(within(ctx, tenant), ada),
    };
  });

describe("the rows of the ERP", () => {
  test("of 100 equal calls name one audit row each, and the other way round", async () => {
    const { productId, customerId } = await stock();
    const order = { customerId, lines: [{ productId, quantity: 1 }] };
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => call("orders_create", order)),
    );
    const orders = (await rows(t, "orders")).map(({ operation }) => operation);
    const told = replies.map((reply) => metaOf(reply)[OPERATION]);
    const audited = (await audit()).filter((row) => row.tool === "orders_create");
    expect(new Set(orders).size).toBe(100);
    expect(told.sort()).toEqual(orders.sort());
    expect(audited.map(({ operation }) => operation).sort()).toEqual(orders);
  });

  test("of every kind name the call that wrote them last, by its own row", async () => {
    const { productId, customerId } = await stock();
    const made = async (name: string, args: object) => {
      const { json, text } = await call(name, args);
      const { isError, structuredContent } = json.result as unknown as ToolResult;
      expect([name, isError ?? false, text]).toEqual([name, false, text]);
      return structuredContent as { id: string; orderId: string; invoiceId: string };
    };
    await made("stock_adjust", { productId, quantity: 9, reason: "received" });
    const lines = [{ productId, quantity: 1 }];
    const draft = async () => (await made("orders_create", { customerId, lines })).id;
    const confirmed = async () => {
      const orderId = await draft();
      await made("orders_confirm", { orderId, expectedTotalMinor: 5 });
      return orderId;
    };
    await draft();
    await made("orders_cancel", { orderId: await confirmed(), reason: "x", confirm: true });
    await confirmed();
    const orderId = await confirmed();
    const { id: invoiceId } = await made("invoices_issue", { orderId, confirm: true });
    const payment = { invoiceId, amountMinor: 5, method: "cash", reference: "r" };
    await made("payments_record", payment);
    await made("customers_create", { name: "Bob", email: "bob@example.com" });
    await made("customers_update", { customerId, city: "Turin" });
    await made("customers_import", { lines: '{"name":"Eve","email":"eve@example.com"}' });
    await made("periods_close", { period: "2020-01" });
    const ended = new Map(
      (await audit())
        .filter(({ outcome }) => outcome === "succeeded")
        .map((row) => [row.operation, row]),
    );
    // No tool adds a product; the one here has its row, and a place among the texts that are searched.
    const isProduct = (row: object) => "table" in row && row.table === "products";
    const written = (await erpRows()).filter(
      ([, row]) => row._id !== (productId as string) && !isProduct(row),
    );
    const kinds = new Set(written.map(([table]) => table));
    expect(kinds.size).toBe(Object.keys(erpTables).length - 2);
    const tools = written.map(([table, { operation }]) => [table, ended.get(operation)?.tool]);
    expect(tools.filter(([, name]) => name === undefined)).toEqual([]);
    expect(tools).toContainEqual(["invoices", "payments_record"]);
    expect(tools).toContainEqual(["customers", "customers_import"]);
    expect(tools).toContainEqual(["periodCloses", "periods_close"]);
  });

  test("show it to no caller", async () => {
    const { customerId } = await stock();
    const { text } = await call("customers_update", { customerId, city: "Turin" });
    expect(text.split("operation")).toHaveLength(2);
  });
});
