/**
 * What calls return is what the schemas of their tools say.
 *
 * @spec MCP 2025-11-25 server/tools
 * @spec MCP 2026-07-28 server/tools
 */
import type { ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { callTool, rows, type ToolResult } from "../support/gate";
import { ajv, key, names, t, toolOf, tools } from "./listed";

const compiled = new Map<string, ValidateFunction>();
const validator = (name: string): ValidateFunction => {
  const found = compiled.get(name) ?? ajv.compile(toolOf(name).outputSchema);
  compiled.set(name, found);
  return found;
};

/** Calls, and holds the result against the tool's own schemas. */
const call = async (name: string, args: object): Promise<Record<string, unknown>> => {
  expect([name, ajv.validate(toolOf(name).inputSchema, args), ajv.errors]).toEqual([
    name,
    true,
    null,
  ]);
  const result: ToolResult = await callTool(t, key, name, args);
  expect(result.isError, JSON.stringify(result)).toBeUndefined();
  const validate = validator(name);
  validate(result.structuredContent);
  expect([name, validate.errors]).toEqual([name, null]);
  expect(result.content).toEqual([
    { type: "text", text: JSON.stringify(result.structuredContent) },
  ]);
  return result.structuredContent!;
};

interface Page {
  items: Record<string, string>[];
}

describe("results", () => {
  const called = new Set<string>();
  const run = (name: string, args: object) => {
    called.add(name);
    return call(name, args);
  };
  const items = async (name: string, args: object) =>
    ((await run(name, args)) as unknown as Page).items;

  test("of lists fit their schemas, and so does every item when it is read", async () => {
    const [customer] = await items("customers_search", { limit: 50 });
    await run("customers_get", { customerId: customer!.id });
    const products = await items("products_search", { text: "acm", limit: 50 });
    for (const { id, sku } of products.slice(0, 3)) {
      await run("products_get", { productId: id });
      await run("products_get", { sku });
      await run("stock_level", { productId: id });
      await run("stock_movements", { productId: id, limit: 1 });
    }
    for (const { id } of await items("orders_list", { limit: 50 }))
      await run("orders_get", { orderId: id });
    for (const { id, number } of await items("invoices_list", { limit: 50 })) {
      await run("invoices_get", { invoiceId: id });
      await run("invoices_get", { number });
    }
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    await run("sales_summary", { from: day(Date.now() - 100 * 86_400_000), to: day(Date.now()) });
    await run("sales_summary", { from: "2001-01-01", to: "2001-01-01" });
  });

  test("of tools that write fit their schemas", async () => {
    const { id: customerId } = await run("customers_create", {
      name: "Ada",
      email: "ada@example.com",
    });
    await run("customers_update", { customerId, city: "Turin", country: "IT", phone: "+39 1234" });
    const [product] = await items("products_search", { limit: 1 });
    const productId = product!.id;
    const idempotencyKey = "manifest-1";
    await run("stock_adjust", { productId, quantity: 5, reason: "received", idempotencyKey });
    await run("stock_adjust", { productId, quantity: -5, reason: "lost", note: "in the yard" });
    const draft = () => run("orders_create", { customerId, lines: [{ productId, quantity: 1 }] });
    const { id: cancelled } = await draft();
    await run("orders_cancel", { orderId: cancelled, reason: "changed plans", confirm: true });
    const { id: orderId, totalMinor } = await draft();
    await run("orders_confirm", { orderId, expectedTotalMinor: totalMinor });
    const { id: invoiceId, openMinor } = await run("invoices_issue", { orderId, confirm: true });
    for (const amountMinor of [1, Number(openMinor) - 1])
      await run("payments_record", { invoiceId, amountMinor, method: "card", reference: "R1" });
    await run("invoices_get", { invoiceId });
    await run("orders_get", { orderId });
  });

  test("of jobs fit their schemas: as their calls end, and as they are read later", async () => {
    const customer = (email: string) => JSON.stringify({ name: "Ida", email });
    const lines = [customer("ida@example.com"), "", customer("no address"), "{"].join("\n");
    const imported = await run("customers_import", { lines, idempotencyKey: "manifest-2" });
    expect(imported).toMatchObject({ lines: 3, imported: 1, existing: 0, failed: 2 });
    const period = new Date(Date.now() - 35 * 86_400_000).toISOString().slice(0, 7);
    const closed = await run("periods_close", { period });
    expect(closed).toMatchObject({ period, currency: "EUR" });
    expect((await callTool(t, key, "periods_close", { period })).isError).toBe(true);
    const jobs = await rows(t, "toolgateJobs");
    const read: Record<string, unknown>[] = [];
    for (const { jobId } of jobs) read.push(await run("jobs_get", { jobId }));
    expect(read).toMatchObject([
      { tool: "customers_import", state: "succeeded", result: imported },
      { tool: "periods_close", state: "succeeded", result: closed },
      { tool: "periods_close", state: "failed", error: { code: "already_closed" } },
    ]);
    const { jobId } = jobs[0]!;
    expect(await run("jobs_cancel", { jobId })).toEqual({ jobId, state: "succeeded" });
  });

  test("may be the job of a call that outlasts its request, for actions and no others", () => {
    for (const name of names) {
      const validate = validator(name);
      // To be cancelled is to be such a job, of which there is nothing more to say.
      const isAction = tools[name]!().kind === "action";
      const running = { jobId: "x", state: "working", ...(isAction ? { next: "y" } : {}) };
      expect([name, validate(running)]).toEqual([name, isAction || name === "jobs_cancel"]);
      // The schema of an action is that of one object, which says in words what belongs together.
      expect([name, validate({ state: "working" })]).toEqual([name, isAction]);
      expect([name, validate({ ...running, state: "done" })]).toEqual([name, false]);
    }
  });

  test("were seen of every tool, but for those that the review let pass", async () => {
    const unseen = [...names].filter((name) => !called.has(name));
    await expect(unseen.map((name) => `${name}\n`).join("")).toMatchFileSnapshot(
      "./__snapshots__/unseen.txt",
    );
    expect([...called].filter((name) => ![...names].includes(name))).toEqual([]);
  });
});
