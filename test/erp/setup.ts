/// <reference types="vite/client" />
/** A fresh ERP with two tenants, and short ways to call it. */
import { convexTest } from "convex-test";
import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { ConvexError } from "convex/values";
import { internal } from "../../convex/_generated/api";
import type { Doc, Id, TableNames } from "../../convex/_generated/dataModel";
import { insertProduct } from "../../convex/erp/products";
import schema from "../../convex/schema";
import type { Principal } from "../../src/data/principal";
import { within } from "../support/within";

// Cursors are sealed with it.
process.env.TOOLGATE_PEPPERS ??= `test:${"pepper-".repeat(6)}`;

const modules = import.meta.glob("../../convex/**/*.*s");

export const erp = internal.erp;

const principalOf = (tenant: string): Principal => ({
  subject: `agent-${tenant}`,
  tenant,
  role: "admin",
  keyId: "k1",
  operation: "op1",
});

type Ref<Kind extends "query" | "mutation"> = FunctionReference<Kind, "internal">;

/** The arguments of a function, less those that the gate fills in. */
export type Args<R extends Ref<"query" | "mutation">> = Omit<
  FunctionArgs<R>,
  "principal" | "input"
>;

export const newBackend = () => convexTest(schema, modules);
export type Backend = ReturnType<typeof newBackend>;

/** For what asks first: an agent that cannot be asked, and says that its user agrees. */
const consentFor = (ref: Ref<"mutation">): object =>
  ["erp/orders:cancel", "erp/invoices:issue"].includes(getFunctionName(ref))
    ? { confirm: true, input: { can: [], answers: "{}" } }
    : {};

/** Calls functions as an agent of one tenant. */
export const as = (t: Backend, tenant: string) => {
  const withPrincipal = (args: object) => [{ ...args, principal: principalOf(tenant) }] as never;
  return {
    query: <R extends Ref<"query">>(ref: R, args: Args<R>): Promise<FunctionReturnType<R>> =>
      t.query(ref, ...withPrincipal(args)),
    mutate: <R extends Ref<"mutation">>(ref: R, args: Args<R>): Promise<FunctionReturnType<R>> =>
      t.mutation(ref, ...withPrincipal({ ...args, ...consentFor(ref) })),
  };
};
export type Agent = ReturnType<typeof as>;

/** An empty ERP with the tenants `acme` (EUR) and `globex` (USD). */
export const newErp = async () => {
  const t = newBackend();
  await t.mutation(erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  await t.mutation(erp.tenants.create, { slug: "globex", name: "Globex", currency: "USD" });
  return { t, acme: as(t, "acme"), globex: as(t, "globex") };
};

/** Adds a product, for which there is no tool, and gives it stock. */
export const addProduct = async (
  t: Backend,
  tenant: string,
  { sku, unitPriceMinor, stock }: { sku: string; unitPriceMinor: number; stock: number },
): Promise<Id<"products">> => {
  const id = await t.run(async (ctx) => {
    const row = await ctx.db
      .query("tenants")
      .withIndex("by_slug", (q) => q.eq("slug", tenant))
      .unique();
    const name = `Product ${sku}`;
    return insertProduct(within(ctx, row!), { sku, name, unitPriceMinor });
  });
  if (stock > 0) {
    await as(t, tenant).mutate(erp.stock.adjust, {
      productId: id,
      quantity: stock,
      reason: "received",
    });
  }
  return id;
};

export const addCustomer = (agent: Agent, name = "Ada Lovelace") =>
  agent.mutate(erp.customers.create, {
    name,
    email: `${name.toLowerCase().replace(/\W+/g, ".")}@example.com`,
  });

export const onHand = async (agent: Agent, productId: string): Promise<number> =>
  (await agent.query(erp.stock.level, { productId })).onHand;

/** A tenant with one product and one customer, and a draft order of some pieces. */
export const draft = async (
  t: Backend,
  tenant: string,
  { quantity = 2, unitPriceMinor = 500, stock = 10 } = {},
) => {
  const agent = as(t, tenant);
  const productId = await addProduct(t, tenant, { sku: "SKU-1", unitPriceMinor, stock });
  const customer = await addCustomer(agent);
  const order = await agent.mutate(erp.orders.create, {
    customerId: customer.id,
    lines: [{ productId, quantity }],
  });
  return { productId, customerId: customer.id, order };
};

export const confirm = (agent: Agent, order: { id: string; totalMinor: number }) =>
  agent.mutate(erp.orders.confirm, { orderId: order.id, expectedTotalMinor: order.totalMinor });

/** What a call was refused with; fails the test if it was not. */
export const refusal = async (
  call: Promise<unknown>,
): Promise<{ code?: string; message?: string; ZodError?: { path: (string | number)[] }[] }> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in outcome) throw new Error(`was not refused: ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof ConvexError)) throw outcome.error;
  const data = (outcome.error as ConvexError<string>).data;
  return typeof data === "string" ? JSON.parse(data) : data;
};

/** Every row of a table. */
export const rows = <Table extends TableNames>(t: Backend, table: Table) =>
  t.run(async (ctx) => (await ctx.db.query(table).collect()) as Doc<Table>[]);

/** All pages of a list, and how many rows each has. */
export const walk = async <Item>(
  page: (cursor: { cursor?: string }) => Promise<{ items: Item[]; nextCursor: string | null }>,
) => {
  const items: Item[] = [];
  const sizes: number[] = [];
  let cursor: string | null = "";
  do {
    const next: Awaited<ReturnType<typeof page>> = await page(cursor === "" ? {} : { cursor });
    items.push(...next.items);
    sizes.push(next.items.length);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return { items, sizes };
};
