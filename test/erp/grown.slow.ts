/** What the ERP's reading tools take once the ERP has grown: 5,000 customers, and 10,000 rows in the audit log. */
import { expect, test } from "vitest";
import { insertCustomer } from "../../convex/erp/customerRows";
import { findTenant } from "../../convex/erp/tenants";
import { newDemo, rowsOf } from "../support/demoApp";
import { callTool, rows, rpc, type Backend } from "../support/gate";

const CUSTOMERS = 5_000;
const AUDIT_ROWS = 10_000;
/** The median of a reading tool, in milliseconds. */
const GOAL_MS = 100;
const CALLS = 9;

const surnames = ["Ivanova", "Österberg", "Nguyen", "Yılmaz", "山田", "Okafor", "da Silva"];

/** A name whose place among the others in the order of names is not that of its number. */
const nameOf = (i: number): string => {
  const initial = String.fromCharCode(65 + ((i * 7) % 26), 97 + ((i * 11) % 26));
  return `${initial} ${surnames[i % surnames.length]!} Client ${String((i * 7919) % CUSTOMERS)}`;
};

/** Adds customers of acme, as the tool does, without its check that an address is free. */
const addCustomers = (t: Backend) =>
  t.run(async (ctx) => {
    const tenant = (await findTenant(ctx, "acme"))!;
    const principal = {
      ...{ subject: "growth", tenant: "acme", role: "admin", keyId: "none", operation: "growth" },
    };
    for (let i = 0; i < CUSTOMERS; i++) {
      const name = nameOf(i);
      const email = `client.${String(i)}@company-${String(i % 900)}.example`;
      await insertCustomer({ db: ctx.db, tenant, principal }, { name, email });
    }
  });

/** Adds rows like the one that a call leaves. */
const addAudit = async (t: Backend) => {
  const { _id, _creationTime, ...row } = (await rows(t, "toolgateAudit")).at(-1)!;
  await t.run(async (ctx) => {
    for (let i = 0; i < AUDIT_ROWS; i++)
      await ctx.db.insert("toolgateAudit", { ...row, operation: `growth-${String(i)}` });
  });
};

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

const medianOf = async (call: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return median(times);
};

const today = () => new Date().toISOString().slice(0, 10);

/** What each reading tool is called with; more than one where the work differs. */
const callsOf = async (t: Backend): Promise<Record<string, readonly object[]>> => {
  const first = async (table: "customers" | "products" | "orders" | "invoices") =>
    (await rowsOf(t, table))[0]!;
  const [customer, product, order, invoice] = [
    await first("customers"),
    await first("products"),
    await first("orders"),
    await first("invoices"),
  ];
  const customerId = customer._id;
  return {
    customers_search: [
      ...[{}, { text: "client" }, { text: "client 4999" }, { text: "no such customer" }],
      ...[{ text: "山" }, { text: "example client" }, { text: "office", limit: 50 }],
    ],
    customers_get: [{ customerId }],
    products_search: [{}, { text: "bolt" }],
    products_get: [{ productId: product._id }],
    stock_level: [{ productId: product._id }],
    stock_movements: [{ productId: product._id }],
    orders_list: [{}, { customerId }, { status: "draft" }],
    orders_get: [{ orderId: order._id }],
    invoices_list: [{}, { customerId, status: "open" }],
    invoices_get: [{ invoiceId: invoice._id }],
    sales_summary: [{ from: "2026-01-01", to: today() }],
    jobs_get: [{ jobId: "unknown" }],
  };
};

test(`reading tools answer in ${String(GOAL_MS)} ms`, async () => {
  const { t, keys } = await newDemo();
  const calls = await callsOf(t);
  await callTool(t, keys.admin, "products_search");
  await addCustomers(t);
  await addAudit(t);
  const { tools } = (await rpc(t, keys.admin, "tools/list")).json.result as {
    tools: { name: string; annotations: { readOnlyHint: boolean } }[];
  };
  const reading = tools.filter(({ annotations }) => annotations.readOnlyHint);
  expect(Object.keys(calls).sort()).toEqual(reading.map(({ name }) => name).sort());
  const took: [call: string, ms: number][] = [];
  for (const [name, list] of Object.entries(calls))
    for (const args of list)
      took.push([
        `${name} ${JSON.stringify(args)}`,
        await medianOf(() => callTool(t, keys.admin, name, args)),
      ]);
  console.log(took.map(([call, ms]) => `${ms.toFixed(1)} ms  ${call}`).join("\n"));
  expect(took.filter(([, ms]) => ms > GOAL_MS)).toEqual([]);
});
