/** The demo data: enough to try everything on, and as consistent as what real calls leave behind. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Doc, Id, TableNames } from "../../convex/_generated/dataModel";
import { as, erp, newBackend, rows, type Backend } from "./setup";

const DAY_MS = 86_400_000;

let t: Backend;
let counts: { tenants: { slug: string }[] };
let tenants: Doc<"tenants">[];

beforeAll(async () => {
  t = newBackend();
  counts = await t.mutation(erp.seed.demo, {});
  tenants = await rows(t, "tenants");
});

type Owned =
  | "customers"
  | "products"
  | "stockLevels"
  | "stockMovements"
  | "orders"
  | "invoices"
  | "payments"
  | "counters";

const of = async <Table extends Owned>(
  tenantId: Id<"tenants">,
  table: Table,
): Promise<Doc<Table>[]> => {
  const all: (Doc<Table> & { tenantId?: string })[] = await rows(t, table);
  return all.filter((row) => row.tenantId === tenantId);
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, next) => total + next, 0);
const sortedNumbers = (documents: readonly { number: string }[]) =>
  documents.map(({ number }) => number).sort();
const series = (prefix: string, length: number) =>
  Array.from({ length }, (_, index) => `${prefix}-${String(index + 1).padStart(6, "0")}`);

test("adds two tenants and says what each has", () => {
  expect(counts.tenants.map(({ slug }) => slug)).toEqual(["acme", "globex"]);
  for (const tenant of counts.tenants) {
    expect(tenant).toMatchObject({ customers: 60, products: 60, orders: 60 });
  }
});

test("adds nothing when it runs again", async () => {
  const all = async () => {
    const tables: TableNames[] = ["tenants", "customers", "orders", "stockMovements", "payments"];
    return Promise.all(tables.map((table) => rows(t, table)));
  };
  const before = await all();
  expect(await t.mutation(erp.seed.demo, {})).toEqual(counts);
  expect(await all()).toEqual(before);
});

test("leaves a tenant that exists as it is", async () => {
  const other = newBackend();
  await other.mutation(erp.tenants.create, { slug: "acme", name: "Mine", currency: "CHF" });
  const { tenants: found } = await other.mutation(erp.seed.demo, {});
  expect(found).toMatchObject([
    { slug: "acme", customers: 0, orders: 0 },
    { slug: "globex", customers: 60 },
  ]);
  const [acme] = await rows(other, "tenants");
  expect(acme).toMatchObject({ slug: "acme", name: "Mine", currency: "CHF" });
});

describe.each(["acme", "globex"])("%s", (slug) => {
  let tenantId: Id<"tenants">;
  let currency: string;

  beforeAll(() => {
    ({ _id: tenantId, currency } = tenants.find((tenant) => tenant.slug === slug)!);
  });

  test("has a few hundred rows", async () => {
    const tables = ["customers", "products", "stockLevels", "orders", "invoices"] as const;
    const sizes = await Promise.all(
      tables.map(async (table) => (await of(tenantId, table)).length),
    );
    expect(sum(sizes)).toBeGreaterThan(200);
    expect(sum(sizes)).toBeLessThan(1000);
  });

  test("has orders and invoices in every state", async () => {
    const orders = await of(tenantId, "orders");
    expect(new Set(orders.map(({ status }) => status))).toEqual(
      new Set(["draft", "confirmed", "invoiced", "cancelled"]),
    );
    const invoices = await of(tenantId, "invoices");
    expect(new Set(invoices.map(({ status }) => status))).toEqual(new Set(["open", "paid"]));
    expect(invoices.some(({ paidMinor, status }) => paidMinor > 0 && status === "open")).toBe(true);
    expect(invoices.some(({ paidMinor }) => paidMinor === 0)).toBe(true);
  });

  test("has unique addresses, SKUs and numbers; invoices are numbered without a gap", async () => {
    const emails = (await of(tenantId, "customers")).map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
    for (const email of emails) expect(email).toMatch(/^[a-z0-9.@-]+\.example$/);
    const skus = (await of(tenantId, "products")).map(({ sku }) => sku);
    expect(new Set(skus).size).toBe(skus.length);
    const orders = await of(tenantId, "orders");
    expect(new Set(orders.map(({ number }) => number)).size).toBe(orders.length);
    const invoices = await of(tenantId, "invoices");
    expect(sortedNumbers(invoices)).toEqual(series("INV", invoices.length));
    const counters = await of(tenantId, "counters");
    expect(counters).toMatchObject([{ series: "invoice", last: invoices.length }]);
  });

  test("has stock that is the sum of its movements and never was negative", async () => {
    const movements = await of(tenantId, "stockMovements");
    const levels = await of(tenantId, "stockLevels");
    expect(levels).toHaveLength(60);
    for (const { productId, onHand } of levels) {
      const own = movements
        .filter((movement) => movement.productId === productId)
        .sort((a, b) => a.at - b.at || a._creationTime - b._creationTime);
      let level = 0;
      for (const { quantity } of own) {
        level += quantity;
        expect(level).toBeGreaterThanOrEqual(0);
      }
      expect(level).toBe(onHand);
    }
  });

  test("has a movement for every line of a confirmed order, and takes back what was cancelled", async () => {
    const movements = await of(tenantId, "stockMovements");
    for (const { _id, status, lines, confirmedAt } of await of(tenantId, "orders")) {
      const moved = sum(
        movements.filter(({ orderId }) => orderId === _id).map(({ quantity }) => quantity),
      );
      const pieces = sum(lines.map(({ quantity }) => quantity));
      expect(moved).toBe(status === "confirmed" || status === "invoiced" ? -pieces : 0);
      expect(confirmedAt === undefined).toBe(status === "draft");
    }
  });

  test("has totals that add up, in the tenant's currency", async () => {
    const orders = await of(tenantId, "orders");
    for (const order of orders) {
      for (const { quantity, unitPriceMinor, lineTotalMinor } of order.lines)
        expect(lineTotalMinor).toBe(quantity * unitPriceMinor);
      expect(order.totalMinor).toBe(sum(order.lines.map(({ lineTotalMinor }) => lineTotalMinor)));
      expect(order.currency).toBe(currency);
    }
    const byId = new Map(orders.map((order) => [order._id, order]));
    const payments = await of(tenantId, "payments");
    const invoices = await of(tenantId, "invoices");
    for (const invoice of invoices) {
      const order = byId.get(invoice.orderId)!;
      expect(order).toMatchObject({ status: "invoiced", invoiceId: invoice._id });
      expect(invoice).toMatchObject({
        totalMinor: order.totalMinor,
        customerId: order.customerId,
        orderNumber: order.number,
        currency,
      });
      const own = payments.filter(({ invoiceId }) => invoiceId === invoice._id);
      expect(invoice.paidMinor).toBe(sum(own.map(({ amountMinor }) => amountMinor)));
      expect(invoice.paidMinor).toBeLessThanOrEqual(invoice.totalMinor);
      expect(invoice.status).toBe(invoice.paidMinor === invoice.totalMinor ? "paid" : "open");
    }
    expect(orders.filter(({ status }) => status === "invoiced")).toHaveLength(invoices.length);
  });

  test("has no row that points to another tenant", async () => {
    const owners = new Map<string, string>();
    for (const table of ["customers", "products", "orders", "invoices"] as const)
      for (const { _id, tenantId: owner } of await rows(t, table)) owners.set(_id, owner);
    for (const table of ["orders", "invoices", "payments", "stockMovements"] as const) {
      for (const row of await of(tenantId, table)) {
        for (const [name, value] of Object.entries<unknown>(row)) {
          if (/^(customer|product|order|invoice)Id$/.test(name))
            expect([name, owners.get(value as string)]).toEqual([name, tenantId]);
        }
      }
    }
  });

  test("has nothing that lies in the future", async () => {
    const soon = Date.now() + 1000;
    const moments = [
      ...(await of(tenantId, "orders")).flatMap((row) => [
        row.createdAt,
        row.confirmedAt,
        row.cancelledAt,
      ]),
      ...(await of(tenantId, "invoices")).flatMap((row) => [row.issuedAt, row.paidAt]),
      ...(await of(tenantId, "payments")).map((row) => row.recordedAt),
      ...(await of(tenantId, "stockMovements")).map((row) => row.at),
    ].filter((moment) => moment !== undefined);
    expect(Math.max(...moments)).toBeLessThanOrEqual(soon);
    expect(Math.min(...moments)).toBeGreaterThan(soon - 100 * DAY_MS);
  });

  test("can be found by its words, with or without accents", async () => {
    const word = slug === "acme" ? "MULLER" : "o'brien";
    const { items } = await as(t, slug).query(erp.customers.search, { text: word, limit: 10 });
    expect(items).toHaveLength(3);
  });
});
