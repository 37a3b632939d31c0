/** The registry: permissions, roles, and one line for each tool, resource and prompt. Change it as you like. */
import {
  completer,
  defineToolgate,
  jobTool,
  prompt,
  resource,
  tool,
  view,
  type Prompts,
  type Resources,
  type Toolgate,
  type Tools,
} from "../../src/entry/tools";
import { internal } from "../_generated/api";

/** All permissions, as `resource:verb`. A line with any other permission does not compile. */
const permissions = [
  "customers:read",
  "customers:create",
  "customers:update",
  "customers:import",
  "products:read",
  "stock:read",
  "stock:adjust",
  "orders:read",
  "orders:create",
  "orders:confirm",
  "orders:cancel",
  "invoices:read",
  "invoices:issue",
  "payments:record",
  "periods:close",
  "reports:read",
  "jobs:read",
  "jobs:cancel",
] as const;

type Permission = (typeof permissions)[number];

/** The initial roles. They are written to the database on first use. From then on `npx toolgate roles set` changes them there. */
const roles = (): Readonly<Record<string, readonly Permission[]>> => ({
  admin: permissions,
  sales: [
    "customers:read",
    "customers:create",
    "customers:update",
    "customers:import",
    "products:read",
    "stock:read",
    "orders:read",
    "orders:create",
    "orders:confirm",
    "orders:cancel",
    "invoices:read",
    "reports:read",
    "jobs:read",
    "jobs:cancel",
  ],
  warehouse: ["products:read", "stock:read", "stock:adjust", "orders:read", "jobs:read"],
  accounting: [
    "customers:read",
    "products:read",
    "orders:read",
    "invoices:read",
    "invoices:issue",
    "payments:record",
    "periods:close",
    "reports:read",
    "jobs:read",
    "jobs:cancel",
  ],
  viewer: [
    "customers:read",
    "products:read",
    "stock:read",
    "orders:read",
    "invoices:read",
    "reports:read",
  ],
});

/** For tools that add something each time and change nothing else. */
const adds = { principal: true, destructive: false, idempotent: false } as const;

/** For tools whose effect cannot simply be undone. */
const commits = { principal: true, destructive: true, idempotent: false } as const;

/** For such tools that refuse to do the same a second time. */
const once = { principal: true, destructive: true, idempotent: true } as const;

const ORDER_VIEW = "ui://erp/order";
const SALES_VIEW = "ui://erp/sales";

// prettier-ignore
const tools: Tools<Permission> = {
  customers_search: () => tool.query(internal.erp.customers.search, { permission: "customers:read", principal: true, title: "Search customers", description: "Find customers by part of their name or e-mail address. Returns one page." }),
  customers_get: () => tool.query(internal.erp.customers.get, { permission: "customers:read", principal: true, title: "Get a customer", description: "One customer with all details." }),
  customers_create: () => tool.mutation(internal.erp.customers.create, { permission: "customers:create", principal: true, destructive: false, idempotent: true, title: "Add a customer", description: "Add a customer. The e-mail address must be new." }),
  customers_update: () => tool.mutation(internal.erp.customers.update, { permission: "customers:update", principal: true, destructive: true, idempotent: true, title: "Change a customer", description: "Change fields of a customer. Fields left out stay as they are." }),
  customers_import: () => tool.action(internal.erp.imports.customers, { permission: "customers:import", principal: true, job: true, destructive: false, idempotent: true, title: "Import customers", description: "Import many customers from JSON lines. Good lines land, bad ones are named; importing a line again adds nothing. May take minutes." }),
  products_search: () => tool.query(internal.erp.products.search, { permission: "products:read", principal: true, title: "Search products", description: "Find products by part of their name or SKU, with prices." }),
  products_get: () => tool.query(internal.erp.products.get, { permission: "products:read", principal: true, title: "Get a product", description: "One product by id or SKU." }),
  stock_level: () => tool.query(internal.erp.stock.level, { permission: "stock:read", principal: true, title: "Get the stock of a product", description: "How many pieces of a product are on hand." }),
  stock_adjust: () => tool.mutation(internal.erp.stock.adjust, { permission: "stock:adjust", ...commits, approval: internal.erp.approvals.writeOff, title: "Correct stock", description: "Correct the stock of a product by a signed quantity, with a reason. Never below zero." }),
  stock_movements: () => tool.query(internal.erp.stock.movements, { permission: "stock:read", principal: true, title: "List stock movements", description: "What moved a product's stock, newest first. Returns one page." }),
  orders_list: () => tool.query(internal.erp.orders.list, { permission: "orders:read", principal: true, title: "List orders", description: "Orders, newest first, by status or customer. Returns one page." }),
  orders_get: () => tool.query(internal.erp.orders.get, { permission: "orders:read", principal: true, title: "Get an order", description: "One order with its lines and totals.", ui: ORDER_VIEW }),
  orders_create: () => tool.mutation(internal.erp.orders.create, { permission: "orders:create", ...adds, title: "Draft an order", description: "Draft an order at current prices. Takes no stock and commits to nothing until orders_confirm.", ui: ORDER_VIEW }),
  orders_confirm: () => tool.mutation(internal.erp.orders.confirm, { permission: "orders:confirm", ...once, title: "Confirm an order", description: "Confirm a draft order: takes the stock of all its lines, or of none. State the total you expect.", ui: ORDER_VIEW }),
  orders_cancel: () => tool.mutation(internal.erp.orders.cancel, { permission: "orders:cancel", ...once, input: true, title: "Cancel an order", description: "Cancel a draft or confirmed order. Stock that was taken goes back. An invoiced order cannot be cancelled. Asks the user first.", ui: ORDER_VIEW }),
  invoices_list: () => tool.query(internal.erp.invoices.list, { permission: "invoices:read", principal: true, title: "List invoices", description: "Invoices, newest first, by status or customer. Returns one page." }),
  invoices_get: () => tool.query(internal.erp.invoices.get, { permission: "invoices:read", principal: true, title: "Get an invoice", description: "One invoice with its payments and what is still open.", ui: ORDER_VIEW }),
  invoices_issue: () => tool.mutation(internal.erp.invoices.issue, { permission: "invoices:issue", ...once, input: true, approval: internal.erp.approvals.invoice, title: "Issue an invoice", description: "Issue the invoice of a confirmed order, once. Its number cannot be given back. Asks the user first.", ui: ORDER_VIEW }),
  payments_record: () => tool.mutation(internal.erp.payments.record, { permission: "payments:record", ...commits, approval: internal.erp.approvals.payment, title: "Record a payment", description: "Record a payment that has come in on an invoice, at most what is open. Moves no money." }),
  sales_summary: () => tool.query(internal.erp.reports.salesSummary, { permission: "reports:read", principal: true, title: "Sum up sales", description: "Totals of orders and the best-selling products between two dates.", ui: SALES_VIEW }),
  periods_close: () => tool.action(internal.erp.periods.close, { permission: "periods:close", ...once, job: true, title: "Close a month", description: "Close a month that is over: adds up its orders, invoices and payments, posts the totals, once, and locks it. May take minutes." }),
  jobs_get: () => jobTool.get(internal.toolgate.jobs.get, "jobs:read"),
  jobs_cancel: () => jobTool.cancel(internal.toolgate.jobs.stop, "jobs:cancel"),
};

const markdown = { principal: true, mimeType: "text/markdown" } as const;

// prettier-ignore
const resources: Resources<Permission> = {
  "erp://overview": () => resource(internal.erp.documents.overview, { permission: "reports:read", ...markdown, name: "overview", title: "Overview", description: "The company at a glance." }),
  "erp://products/{sku}": () => resource(internal.erp.documents.productSheet, { permission: "products:read", ...markdown, name: "product sheet", title: "Product sheet", description: "A product with its price and stock, by article number.", complete: { sku: completer(internal.erp.completions.skus, true) } }),
  "erp://invoices/{number}": () => resource(internal.erp.documents.invoice, { permission: "invoices:read", ...markdown, name: "invoice", title: "Invoice", description: "An invoice with its lines, by number.", complete: { number: completer(internal.erp.completions.invoiceNumbers, true) } }),
  [ORDER_VIEW]: () => view(internal.erp.views.order, { permission: "orders:read", name: "order card", title: "Order card", description: "An order or an invoice, with buttons to confirm and to cancel an order.", ui: { prefersBorder: true } }),
  [SALES_VIEW]: () => view(internal.erp.views.sales, { permission: "reports:read", name: "sales chart", title: "Sales chart", description: "A sales summary: totals, and a chart of the best-selling products.", ui: { prefersBorder: true } }),
};

// prettier-ignore
const prompts: Prompts<Permission> = {
  dunning_letter: () => prompt(internal.erp.prompts.dunning, { permission: "invoices:read", principal: true, title: "Payment reminder", description: "Draft a reminder about a customer's open invoices.", arguments: { customer: { description: "The customer's name or e-mail address. White space around it is removed.", required: true, complete: completer(internal.erp.completions.customers, true) } } }),
  order_review: () => prompt(internal.erp.prompts.orderReview, { permission: "orders:read", principal: true, title: "Order review", description: "Go through the newest orders of one state.", arguments: { status: { description: "draft, confirmed, invoiced or cancelled; draft unless given.", complete: completer(internal.erp.completions.orderStates, true) } } }),
};

/** The app, as the other files of this folder and http.ts use it. */
export const app: Toolgate = defineToolgate({
  name: "toolgate-erp",
  version: "0.1.0",
  title: "Toolgate ERP",
  description: "Customers, products, stock, orders, invoices and payments of one company.",
  // The URL of the endpoint explains itself in a browser.
  websiteUrl: "/mcp",
  icons: [{ src: "/icon.png", mimeType: "image/png", sizes: ["128x128"] }],
  instructions: `The ERP of one company: customers, products, stock, orders, invoices and payments. It answers questions such as: which orders are still drafts, what does a customer owe, how much of a product is on hand, what sold best last month.
Tools take ids. Find them first with customers_search, products_search, orders_list or invoices_list; an id cannot be guessed. Lists come in pages: send nextCursor as cursor for the next one.
Amounts are integers in minor units of their currency: 1290 is 12.90 EUR, but 1290 JPY and 1.290 KWD. An order is a draft until orders_confirm takes its stock. Confirmed orders, issued invoices, payments and closed months cannot simply be undone.
Send a new idempotencyKey with each call that writes, and the same key when you send that call again: then it has its effect once.
customers_import and periods_close may take minutes. If the answer is a job, call jobs_get with its jobId, and waitSeconds, until its state is succeeded or failed.`,
  permissions,
  roles,
  tools,
  resources,
  prompts,
  tenants: { exists: () => internal.erp.tenants.exists },
});
