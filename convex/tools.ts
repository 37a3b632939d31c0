/** The registry: one line per tool. The name is what clients see; the schema comes from the function's own validators. */
import { tool, type Tools } from "../src/registry/tools";
import { internal } from "./_generated/api";
import type { Permission } from "./permissions";

/** For tools that only ever add something. */
const adds = { principal: true, destructive: false, idempotent: false } as const;

/** For tools whose effect cannot simply be taken back. */
const commits = { principal: true, destructive: true, idempotent: false } as const;

// prettier-ignore
export const tools: Tools<Permission> = {
  customers_search: () => tool.query(internal.erp.customers.search, { permission: "customers:read", principal: true, description: "Find customers by part of their name or e-mail address. Returns one page." }),
  customers_get: () => tool.query(internal.erp.customers.get, { permission: "customers:read", principal: true, description: "One customer with all details." }),
  customers_create: () => tool.mutation(internal.erp.customers.create, { permission: "customers:create", ...adds, description: "Add a customer. The e-mail address must be new." }),
  customers_update: () => tool.mutation(internal.erp.customers.update, { permission: "customers:update", principal: true, destructive: true, idempotent: true, description: "Change fields of a customer. Fields left out stay as they are." }),
  customers_import: () => tool.action(internal.erp.imports.customers, { permission: "customers:import", principal: true, job: true, destructive: false, idempotent: true, description: "Import many customers from JSON lines. Good lines land, bad ones are named; importing a line again adds nothing. May take minutes." }),
  products_search: () => tool.query(internal.erp.products.search, { permission: "products:read", principal: true, description: "Find products by part of their name or SKU, with prices in minor units." }),
  products_get: () => tool.query(internal.erp.products.get, { permission: "products:read", principal: true, description: "One product by id or SKU." }),
  stock_level: () => tool.query(internal.erp.stock.level, { permission: "stock:read", principal: true, description: "How many pieces of a product are on hand." }),
  stock_adjust: () => tool.mutation(internal.erp.stock.adjust, { permission: "stock:adjust", ...commits, description: "Correct the stock of a product by a signed quantity, with a reason. Never below zero." }),
  stock_movements: () => tool.query(internal.erp.stock.movements, { permission: "stock:read", principal: true, description: "What moved a product's stock, newest first. Returns one page." }),
  orders_list: () => tool.query(internal.erp.orders.list, { permission: "orders:read", principal: true, description: "Orders, newest first, by status or customer. Returns one page." }),
  orders_get: () => tool.query(internal.erp.orders.get, { permission: "orders:read", principal: true, description: "One order with its lines and totals." }),
  orders_create: () => tool.mutation(internal.erp.orders.create, { permission: "orders:create", ...adds, description: "Draft an order at current prices. Takes no stock and commits to nothing until orders_confirm." }),
  orders_confirm: () => tool.mutation(internal.erp.orders.confirm, { permission: "orders:confirm", ...commits, description: "Confirm a draft order: takes the stock of all its lines, or of none. State the total you expect." }),
  orders_cancel: () => tool.mutation(internal.erp.orders.cancel, { permission: "orders:cancel", ...commits, input: true, description: "Cancel a draft or confirmed order. Stock that was taken goes back. An invoiced order cannot be cancelled. Asks the user first." }),
  invoices_list: () => tool.query(internal.erp.invoices.list, { permission: "invoices:read", principal: true, description: "Invoices, newest first, by status or customer. Returns one page." }),
  invoices_get: () => tool.query(internal.erp.invoices.get, { permission: "invoices:read", principal: true, description: "One invoice with its payments and what is still open." }),
  invoices_issue: () => tool.mutation(internal.erp.invoices.issue, { permission: "invoices:issue", ...commits, input: true, description: "Issue the invoice of a confirmed order, once. Its number cannot be given back. Asks the user first." }),
  payments_record: () => tool.mutation(internal.erp.payments.record, { permission: "payments:record", ...commits, description: "Record a payment on an invoice, at most what is open." }),
  sales_summary: () => tool.query(internal.erp.reports.salesSummary, { permission: "reports:read", principal: true, description: "Totals of orders and the best-selling products between two dates." }),
  periods_close: () => tool.action(internal.erp.periods.close, { permission: "periods:close", principal: true, job: true, destructive: true, idempotent: false, description: "Close a month that is over: adds up all its orders and invoices and posts the totals, once. May take minutes." }),
  jobs_get: () => tool.query(internal.jobTools.get, { permission: "jobs:read", principal: true, description: "A long call of yours that was answered with a job: its state, its progress and, at the end, its result. State unknown means that the server lost it half-way: read the data to see what it did." }),
  jobs_cancel: () => tool.mutation(internal.jobTools.cancel, { permission: "jobs:cancel", principal: true, destructive: true, idempotent: true, description: "Ask a long call of yours to stop at its next step. What it did before that may remain; one that has ended stays as it is." }),
};
