/** Lists without words: all pages together are what a plain filter over the table gives, in order, whatever the size of a page. */
import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Id } from "../../convex/_generated/dataModel";
import { insertCustomer } from "../../convex/erp/customerRows";
import { insertProduct } from "../../convex/erp/products";
import { within } from "../support/within";
import { encodeCursor } from "../../convex/erp/cursor";
import { erp, newErp, refusal, rows, walk, type Backend } from "./setup";

const OWNERS = 3;

const orderStatus = fc.constantFrom("draft", "confirmed", "cancelled", "invoiced");
const invoiceStatus = fc.constantFrom("open", "paid");
// Several rows have the same moment.
const row = fc.record({ owner: fc.nat(OWNERS - 1), at: fc.nat(15), orderStatus, invoiceStatus });

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

/** Adds three customers and three products, and for each of `all` an order, an invoice and a stock movement. */
const fill = (t: Backend, all: readonly Row[]) =>
  t.run(async (ctx) => {
    const tenant = (await ctx.db.query("tenants").first())!;
    const tenantId = tenant._id;
    const customers: Id<"customers">[] = [];
    const products: Id<"products">[] = [];
    for (let at = 0; at < OWNERS; at++) {
      const name = `N${String(at)}`;
      const email = `${name}@x.example`;
      customers.push(await insertCustomer(within(ctx, tenant), { name, email }));
      products.push(
        await insertProduct(within(ctx, tenant), { sku: name, name, unitPriceMinor: 1 }),
      );
    }
    for (const { owner, at, orderStatus: status, invoiceStatus } of all) {
      const customerId = customers[owner]!;
      const common = { tenantId, customerId, customerName: "N", totalMinor: 1, currency: "EUR" };
      const orderId = await ctx.db.insert("orders", {
        ...{ ...common, number: "SO-1", status, lines: [] },
        ...{ createdBy: "test", createdAt: at },
      });
      await ctx.db.insert("invoices", {
        ...{ ...common, number: "INV-1", orderId, orderNumber: "SO-1", status: invoiceStatus },
        ...{ paidMinor: 0, issuedAt: at },
      });
      const move = { quantity: 1, reason: "received" as const, by: "test", at };
      await ctx.db.insert("stockMovements", { tenantId, productId: products[owner]!, ...move });
    }
    return { customers, products };
  });

interface Dated {
  readonly _id: string;
  readonly _creationTime: number;
}

/** Of two rows with one moment, the one that was added later comes first. */
const newestFirst = <T extends Dated>(all: readonly T[], at: (row: T) => number): string[] =>
  [...all].sort((a, b) => at(b) - at(a) || b._creationTime - a._creationTime).map(({ _id }) => _id);

const idsOf = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

const check = async (all: readonly Row[], limit: number) => {
  const { t, acme } = await newErp();
  const { customers, products } = await fill(t, all);
  const [orders, invoices, moves] = [
    ...[await rows(t, "orders"), await rows(t, "invoices"), await rows(t, "stockMovements")],
  ] as const;
  for (const customerId of [undefined, customers[0]!]) {
    const owned = (one: { customerId: string }) =>
      (customerId ?? one.customerId) === one.customerId;
    const of = customerId === undefined ? { limit } : { limit, customerId };
    for (const status of [undefined, "draft", "confirmed"] as const) {
      const filters = status === undefined ? of : { ...of, status };
      const listed = await walk((cursor) => acme.query(erp.orders.list, { ...filters, ...cursor }));
      const wanted = orders.filter((one) => owned(one) && (status ?? one.status) === one.status);
      expect(idsOf(listed)).toEqual(newestFirst(wanted, ({ createdAt }) => createdAt));
    }
    for (const status of [undefined, "open"] as const) {
      const filters = status === undefined ? of : { ...of, status };
      const listed = await walk((cursor) =>
        acme.query(erp.invoices.list, { ...filters, ...cursor }),
      );
      const wanted = invoices.filter((one) => owned(one) && (status ?? one.status) === one.status);
      expect(idsOf(listed)).toEqual(newestFirst(wanted, ({ issuedAt }) => issuedAt));
    }
  }
  for (const productId of products) {
    const args = { productId, limit };
    const listed = await walk((cursor) => acme.query(erp.stock.movements, { ...args, ...cursor }));
    const wanted = moves.filter((move) => move.productId === productId);
    expect(idsOf(listed)).toEqual(newestFirst(wanted, ({ at }) => at));
  }
  const newest = await walk((cursor) => acme.query(erp.customers.search, { limit, ...cursor }));
  expect(idsOf(newest)).toEqual([...customers].reverse());
  const bySku = await walk((cursor) => acme.query(erp.products.search, { limit, ...cursor }));
  expect(idsOf(bySku)).toEqual(products);
};

test("orders, invoices, stock movements, customers and products", () =>
  fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), check),
    { numRuns: 8 },
  ));

test("2,000 orders", async () => {
  const { t, acme } = await newErp();
  const { customers } = await fill(t, fc.sample(row, 2000));
  const filters = { status: "draft", customerId: customers[0]!, limit: 50 } as const;
  const listed = await walk((cursor) => acme.query(erp.orders.list, { ...filters, ...cursor }));
  const wanted = (await rows(t, "orders")).filter(
    ({ status, customerId }) => status === "draft" && customerId === customers[0],
  );
  expect(idsOf(listed)).toEqual(newestFirst(wanted, ({ createdAt }) => createdAt));
});

describe("a cursor", () => {
  const PEPPERS = "TOOLGATE_PEPPERS";
  const pepper = (id: string) => `${id}:${id.repeat(40)}`;
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const listOf = async () => {
    const { t, acme } = await newErp();
    await fill(t, fc.sample(row, 4));
    const page = (cursor?: string) =>
      acme.query(erp.orders.list, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    const [tenant] = await rows(t, "tenants");
    return { page, cursor: (await page()).nextCursor!, tenant: tenant! };
  };

  test("is sealed with a secret: nobody who knows the code can make one", async () => {
    const { page, cursor, tenant } = await listOf();
    const scope = ["orders_list", tenant._id, undefined, undefined];
    const position = JSON.stringify(["0", "0"]);
    expect((await page(await encodeCursor(scope, position))).items).toEqual([]);
    vi.stubEnv(PEPPERS, pepper("guessed"));
    const forged = await encodeCursor(scope, position);
    vi.unstubAllEnvs();
    expect(await refusal(page(forged))).toMatchObject({ code: "bad_cursor" });
    expect((await page(cursor)).items).toHaveLength(1);
  });

  test("with any other sign in it is bad_cursor, as is any other text", async () => {
    const { page, cursor } = await listOf();
    const changed = fc
      .tuple(fc.nat(cursor.length - 1), fc.constantFrom("A", "z", "0", "/", "=", "é", "\u0000"))
      .map(([at, put]) => cursor.slice(0, at) + put + cursor.slice(at + 1));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.string({ minLength: 1 }), fc.json()), async (text) => {
        fc.pre(text !== cursor);
        expect((await refusal(page(text))).code).toBe("bad_cursor");
      }),
      { numRuns: 60 },
    );
  });

  test("outlives a new pepper as long as its own is listed", async () => {
    vi.stubEnv(PEPPERS, pepper("old"));
    const { page, cursor } = await listOf();
    vi.stubEnv(PEPPERS, `${pepper("new")},${pepper("old")}`);
    expect((await page(cursor)).items).toHaveLength(1);
    vi.stubEnv(PEPPERS, pepper("new"));
    expect(await refusal(page(cursor))).toMatchObject({ code: "bad_cursor" });
  });
});
