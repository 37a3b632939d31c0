/**
 * The tables of the ERP. Every row except a tenant has a `tenantId`, and every index on these rows starts with it. It also has the
 * `operation` that wrote it last, which the audit log has too. Demo data has the operation `demo-data`.
 *
 * Counters and stock levels have rows of their own, because many calls write them. Convex runs a mutation again if a row that it read
 * has changed. So rows that every call reads (tenants, customers, products) must hardly ever change.
 *
 * Amounts are integers in minor units of `currency`, a code that `currencies.ts` knows. Times are milliseconds since 1970.
 */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { invoiceStatuses, movementReasons, oneOf, orderStatuses, paymentMethods } from "./terms";

export const orderLineValidator = v.object({
  productId: v.id("products"),
  sku: v.string(),
  name: v.string(),
  quantity: v.number(),
  unitPriceMinor: v.number(),
  lineTotalMinor: v.number(),
});

/** The fields of every row except a tenant. */
const owned = {
  tenantId: v.id("tenants"),
  /** The id of the call that wrote the row last. */
  operation: v.optional(v.string()),
};

export const erpTables = {
  tenants: defineTable({
    slug: v.string(),
    name: v.string(),
    currency: v.string(),
    /** A person must approve an agent's payments and invoices above it, and what writes off stock. Absent: nothing. */
    approveAboveMinor: v.optional(v.number()),
  }).index("by_slug", ["slug"]),

  customers: defineTable({
    ...owned,
    name: v.string(),
    /** In lower case; unique per tenant. */
    email: v.string(),
    phone: v.optional(v.string()),
    city: v.optional(v.string()),
    /** ISO 3166-1 alpha-2. */
    country: v.optional(v.string()),
    /** The name in the form of textSearch.ts. */
    searchName: v.string(),
  })
    // Lists go by it, the newest first.
    // eslint-disable-next-line @convex-dev/no-duplicate-indexes
    .index("by_tenant", ["tenantId"])
    .index("by_tenant_email", ["tenantId", "email"])
    .index("by_tenant_searchName", ["tenantId", "searchName"]),

  products: defineTable({
    ...owned,
    /** Unique per tenant. */
    sku: v.string(),
    name: v.string(),
    unitPriceMinor: v.number(),
  }).index("by_tenant_sku", ["tenantId", "sku"]),

  /** The texts by which rows are searched: see searchTexts.ts. */
  searchShards: defineTable({
    ...owned,
    table: oneOf(["customers", "products"]),
    shard: v.number(),
    rows: v.array(v.object({ id: v.string(), texts: v.array(v.string()) })),
  }).index("by_tenant_table_shard", ["tenantId", "table", "shard"]),

  /** The stock on hand, always the sum of the product's movements. A missing row means zero. */
  stockLevels: defineTable({
    ...owned,
    productId: v.id("products"),
    onHand: v.number(),
  }).index("by_tenant_product", ["tenantId", "productId"]),

  /** Changes of stock and their reasons. Rows are added, never changed. */
  stockMovements: defineTable({
    ...owned,
    productId: v.id("products"),
    /** Positive for pieces that came in, negative for pieces that went out. Never zero. */
    quantity: v.number(),
    reason: oneOf(movementReasons),
    note: v.optional(v.string()),
    orderId: v.optional(v.id("orders")),
    orderNumber: v.optional(v.string()),
    /** The subject of the API key whose call caused the change. */
    by: v.string(),
    at: v.number(),
  }).index("by_tenant_product_at", ["tenantId", "productId", "at"]),

  orders: defineTable({
    ...owned,
    number: v.string(),
    customerId: v.id("customers"),
    /** The customer's name at the time of the draft. */
    customerName: v.string(),
    status: oneOf(orderStatuses),
    lines: v.array(orderLineValidator),
    totalMinor: v.number(),
    currency: v.string(),
    createdBy: v.string(),
    createdAt: v.number(),
    confirmedAt: v.optional(v.number()),
    cancelledAt: v.optional(v.number()),
    cancelReason: v.optional(v.string()),
    invoiceId: v.optional(v.id("invoices")),
  })
    .index("by_tenant_number", ["tenantId", "number"])
    .index("by_tenant_createdAt", ["tenantId", "createdAt"])
    .index("by_tenant_status_createdAt", ["tenantId", "status", "createdAt"])
    .index("by_tenant_customer_createdAt", ["tenantId", "customerId", "createdAt"])
    .index("by_tenant_customer_status_createdAt", [
      "tenantId",
      "customerId",
      "status",
      "createdAt",
    ]),

  invoices: defineTable({
    ...owned,
    number: v.string(),
    orderId: v.id("orders"),
    orderNumber: v.string(),
    customerId: v.id("customers"),
    customerName: v.string(),
    status: oneOf(invoiceStatuses),
    totalMinor: v.number(),
    /** Always the sum of the invoice's payments. */
    paidMinor: v.number(),
    currency: v.string(),
    issuedAt: v.number(),
    paidAt: v.optional(v.number()),
  })
    .index("by_tenant_number", ["tenantId", "number"])
    .index("by_tenant_issuedAt", ["tenantId", "issuedAt"])
    .index("by_tenant_status_issuedAt", ["tenantId", "status", "issuedAt"])
    .index("by_tenant_customer_issuedAt", ["tenantId", "customerId", "issuedAt"])
    .index("by_tenant_customer_status_issuedAt", ["tenantId", "customerId", "status", "issuedAt"]),

  payments: defineTable({
    ...owned,
    invoiceId: v.id("invoices"),
    amountMinor: v.number(),
    method: oneOf(paymentMethods),
    reference: v.string(),
    recordedBy: v.string(),
    recordedAt: v.number(),
  })
    .index("by_tenant_invoice_recordedAt", ["tenantId", "invoiceId", "recordedAt"])
    .index("by_tenant_recordedAt", ["tenantId", "recordedAt"]),

  /** Closed months and their totals. Rows are added, never changed. */
  periodCloses: defineTable({
    ...owned,
    /** YYYY-MM */
    period: v.string(),
    orders: v.number(),
    ordersMinor: v.number(),
    invoices: v.number(),
    invoicesMinor: v.number(),
    paidMinor: v.number(),
    currency: v.string(),
    closedBy: v.string(),
    closedAt: v.number(),
  }).index("by_tenant_period", ["tenantId", "period"]),

  /** Months in which nothing that counts may change: they are closed, or being closed by the operation of the row. */
  lockedPeriods: defineTable({
    ...owned,
    /** YYYY-MM */
    period: v.string(),
  }).index("by_tenant_period", ["tenantId", "period"]),

  /** The last number that a series without gaps has used. */
  counters: defineTable({
    ...owned,
    series: v.string(),
    last: v.number(),
  }).index("by_tenant_series", ["tenantId", "series"]),
};
