/** Writes the demo data: two tenants with customers, products, stock and orders in every state. */
import { v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "../_generated/server";
import { issueInvoice, recordPayment } from "./billing";
import { insertCustomer } from "./customerRows";
import {
  demoCustomers,
  demoOrders,
  demoProducts,
  demoTenants,
  type DemoOrder,
  type DemoTenant,
} from "./demoData";
import type { TenantMutationCtx } from "./functions";
import { cancelOrder, confirmOrder, draftOrder, type Sellable } from "./orderSteps";
import { insertProduct } from "./products";
import { moveStock, type Move } from "./stockLedger";
import { findTenant, insertTenant } from "./tenants";

type Customer = Pick<Doc<"customers">, "_id" | "name">;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const addCustomers = async (ctx: TenantMutationCtx, demo: DemoTenant) => {
  const customers: Customer[] = [];
  for (const details of demoCustomers(demo)) {
    customers.push({ _id: await insertCustomer(ctx, details), name: details.name });
  }
  return customers;
};

const addProducts = async (ctx: TenantMutationCtx, demo: DemoTenant, at: number) => {
  const products: Sellable[] = [];
  const moves: Move[] = [];
  for (const { delivered, ...details } of demoProducts(demo)) {
    const productId = await insertProduct(ctx, details);
    products.push({ _id: productId, ...details });
    moves.push({ productId, sku: details.sku, quantity: delivered });
  }
  await moveStock(ctx, moves, { reason: "received", note: "Opening stock" }, at);
  return products;
};

const bill = async (
  ctx: TenantMutationCtx,
  order: Doc<"orders">,
  paid: DemoOrder["paid"],
  at: number,
) => {
  const invoice = (await ctx.db.get("invoices", await issueInvoice(ctx, order, at)))!;
  if (paid === "nothing") return;
  const amountMinor = paid === "all" ? invoice.totalMinor : Math.floor(invoice.totalMinor / 2);
  const reference = `Transfer ${invoice.number}`;
  await recordPayment(
    ctx,
    invoice,
    { amountMinor, method: "bank_transfer", reference },
    at + 6 * DAY_MS,
  );
};

/** Adds an order and moves it to its final state by the same steps that real calls take. */
const addOrder = async (
  ctx: TenantMutationCtx,
  customer: Customer,
  lines: readonly { product: Sellable; quantity: number }[],
  { becomes, paid }: DemoOrder,
  at: number,
) => {
  const orderId = await draftOrder(ctx, customer, lines, at);
  const reload = async () => (await ctx.db.get("orders", orderId))!;
  if (becomes === "draft") return;
  const draft = await reload();
  await confirmOrder(ctx, draft, draft.totalMinor, at + HOUR_MS);
  if (becomes === "cancelled")
    await cancelOrder(ctx, await reload(), "Customer changed plans", at + 2 * HOUR_MS);
  if (becomes === "invoiced") await bill(ctx, await reload(), paid, at + DAY_MS);
};

const fill = async (ctx: TenantMutationCtx, demo: DemoTenant, now: number) => {
  const customers = await addCustomers(ctx, demo);
  const products = await addProducts(ctx, demo, now - 90 * DAY_MS);
  for (const order of demoOrders()) {
    const lines = order.lines.map(({ product, quantity }) => ({
      product: products[product]!,
      quantity,
    }));
    await addOrder(ctx, customers[order.customer]!, lines, order, now - order.daysAgo * DAY_MS);
  }
};

/** The number of rows of a tenant, at most 1,000 of each kind. */
const count = async (ctx: Pick<QueryCtx, "db">, tenantId: Id<"tenants">) => {
  const { db } = ctx;
  const [customers, products, orders, invoices] = await Promise.all([
    db
      .query("customers")
      .withIndex("by_tenant", (q) => q.eq("tenantId", tenantId))
      .take(1000),
    db
      .query("products")
      .withIndex("by_tenant_sku", (q) => q.eq("tenantId", tenantId))
      .take(1000),
    db
      .query("orders")
      .withIndex("by_tenant_createdAt", (q) => q.eq("tenantId", tenantId))
      .take(1000),
    db
      .query("invoices")
      .withIndex("by_tenant_issuedAt", (q) => q.eq("tenantId", tenantId))
      .take(1000),
  ]);
  return {
    customers: customers.length,
    products: products.length,
    orders: orders.length,
    invoices: invoices.length,
  };
};

const seedTenant = async (ctx: MutationCtx, demo: DemoTenant) => {
  const { slug } = demo.tenant;
  const existing = await findTenant(ctx, slug);
  const tenant = existing ?? (await insertTenant(ctx, demo.tenant));
  if (existing === null) {
    const principal = {
      ...{ subject: "demo-data", tenant: slug, role: "admin", keyId: "none" },
      operation: "demo-data",
    };
    await fill({ db: ctx.db, tenant, principal }, demo, Date.now());
  }
  return { slug, ...(await count(ctx, tenant._id)) };
};

/**
 * Adds the demo tenants `acme` and `globex`, with dates counted back from today. A tenant that exists stays unchanged. Returns the
 * number of rows of each.
 */
export const demo = internalMutation({
  args: {},
  returns: v.object({
    tenants: v.array(
      v.object({
        slug: v.string(),
        customers: v.number(),
        products: v.number(),
        orders: v.number(),
        invoices: v.number(),
      }),
    ),
  }),
  handler: async (ctx) => {
    const tenants = [];
    for (const tenant of demoTenants) tenants.push(await seedTenant(ctx, tenant));
    return { tenants };
  },
});
