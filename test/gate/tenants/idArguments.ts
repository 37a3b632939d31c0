/** The arguments of tools that are ids: where they stand, and good ones of a tenant. */
import { ownRows, owner, subjects, t, type Schema } from "./setup";

export type Path = readonly (string | number)[];

/** Paths of all arguments that are ids; 0 stands for an element of an array. */
export const idPaths = (schema: Schema, path: Path = []): Path[] => {
  if (schema.type === "array") return idPaths(schema.items as Schema, [...path, 0]);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  return properties.flatMap(([name, inner]) =>
    /Ids?$/.test(name) && inner.type === "string"
      ? [[...path, name]]
      : idPaths(inner, [...path, name]),
  );
};

export const replaceAt = (value: unknown, [step, ...rest]: Path, id: string): unknown => {
  if (step === undefined) return id;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[step] = replaceAt(copy[step], rest, id);
  return copy;
};

/** A job that runs, of a subject of a tenant. */
export const newJob = (tenant: string, subject = subjects[tenant]!): Promise<string> =>
  t.run(async (ctx) => {
    const operation = crypto.randomUUID();
    const jobId = crypto.randomUUID();
    const now = Date.now();
    await ctx.db.insert("toolgateJobs", {
      ...{ jobId, tool: "customers_import", keyId: "k", subject, tenant, role: "admin", operation },
      ...{
        state: "working",
        cancelRequested: false,
        watchers: 1,
        events: [],
        leaseUntil: now + 3_600_000,
      },
      ...{ createdAt: now, updatedAt: now, expiresAt: now + 3_600_000 },
    });
    return jobId;
  });

/** Good arguments for every tool that takes an id. */
export const goodArgs = async (tenant: string): Promise<Record<string, Schema>> => {
  const [customer] = await ownRows("customers", tenant);
  const [product] = await ownRows("products", tenant);
  const orders = await ownRows("orders", tenant);
  const draft = orders.find(({ status }) => status === "draft")!;
  const confirmed = orders.find(({ status }) => status === "confirmed")!;
  const open = (await ownRows("invoices", tenant)).find(({ status }) => status === "open")!;
  const customerId = customer!._id;
  const productId = product!._id;
  const jobId = await newJob(tenant);
  return {
    customers_get: { customerId },
    customers_update: { customerId, city: "Oslo" },
    products_get: { productId },
    stock_level: { productId },
    stock_adjust: { productId, quantity: 1, reason: "received" },
    stock_movements: { productId },
    orders_list: { customerId },
    orders_get: { orderId: draft._id },
    orders_create: { customerId, lines: [{ productId, quantity: 1 }] },
    orders_confirm: { orderId: draft._id, expectedTotalMinor: draft.totalMinor },
    orders_cancel: { orderId: draft._id, reason: "changed plans", confirm: true },
    invoices_list: { customerId },
    invoices_get: { invoiceId: open._id },
    invoices_issue: { orderId: confirmed._id, confirm: true },
    payments_record: { invoiceId: open._id, amountMinor: 1, method: "cash", reference: "R1" },
    jobs_get: { jobId },
    jobs_cancel: { jobId },
  };
};

/** The table that an argument's id is of. */
export const tableOf = (path: Path): "customers" | "products" | "orders" | "invoices" =>
  `${String(path.at(-1)).replace(/Id$/, "")}s` as never;

/** The id of a row that was there a moment ago. */
export const deletedId = (
  table: "customers" | "products" | "orders" | "invoices",
  tenant: string,
) =>
  t.run(async (ctx) => {
    const all = await ctx.db.query(table).collect();
    const row = all.find(({ tenantId }) => owner[tenantId] === tenant)!;
    const { _id, _creationTime, ...fields } = row;
    const copy = await ctx.db.insert(table as never, fields as never);
    await ctx.db.delete(copy as never);
    return copy;
  });
