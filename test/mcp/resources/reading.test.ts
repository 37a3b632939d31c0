/**
 * Reading a resource: that it says what the data say, and what a request costs and leaves behind.
 *
 * @spec MCP 2025-11-25 server/resources
 * @spec MCP 2026-07-28 server/resources
 * @spec MCP 2026-07-28 server/utilities/caching
 */
import { describe, expect, test } from "vitest";
import type { Doc } from "../../../convex/_generated/dataModel";
import { insertProduct } from "../../../convex/erp/products";
import {
  issueKey,
  newServer,
  rows,
  rpc,
  onlyOperation,
  withoutOperation,
} from "../../support/gate";
import { modernRpc } from "../../support/speak";
import { audited, modernNamed, rowsOf } from "../../support/demoApp";
import { within } from "../../support/within";
import { OVERVIEW, calls, cellsOf, keys, list, read, t, templates, textOf } from "./setup";

const money = (minor: number, currency: string) => `${(minor / 100).toFixed(2)} ${currency}`;

describe("reading", () => {
  test("the overview says what the data say", async () => {
    for (const [slug, key] of [
      ["acme", keys.admin],
      ["globex", keys.globex],
    ] as const) {
      const tenant = (await rows(t, "tenants")).find((one) => one.slug === slug)!;
      const open = (await rowsOf(t, "invoices", slug)).filter(({ status }) => status === "open");
      const due = open.reduce((sum, one) => sum + one.totalMinor - one.paidMinor, 0);
      const customers = await rowsOf(t, "customers", slug);
      expect(open.length).toBeGreaterThan(0);
      expect(textOf(await read(key, OVERVIEW))).toBe(
        `# ${tenant.name}\n\n${customers.length} customers. ${open.length} open invoices over ${money(due, tenant.currency)}. All amounts in ${tenant.currency}.\n`,
      );
    }
  });

  test("a reply names the URI and the type", async () => {
    const { json } = await read(keys.admin, OVERVIEW);
    expect(json.result).toEqual({
      contents: [{ uri: OVERVIEW, mimeType: "text/markdown", text: expect.any(String) }],
      _meta: onlyOperation,
    });
  });

  test("every product sheet", async () => {
    const levels = await rows(t, "stockLevels");
    const products = await rowsOf(t, "products");
    expect(products).toHaveLength(60);
    for (const { _id, sku, name, unitPriceMinor } of products) {
      const onHand = levels.find(({ productId }) => productId === _id)?.onHand ?? 0;
      const text = textOf(await read(keys.admin, `erp://products/${encodeURIComponent(sku)}`));
      expect(text.split("\n")[0]).toBe(`# ${name}`);
      expect(cellsOf(text).slice(2)).toEqual([
        ["SKU", sku],
        ["Price", money(unitPriceMinor, "EUR")],
        ["On hand", String(onHand)],
      ]);
    }
  });

  const invoiceText = (invoice: Doc<"invoices">, order: Doc<"orders">, issuer: string) => {
    const { number, currency, totalMinor, paidMinor, issuedAt, customerName } = invoice;
    const lines = order.lines.map(
      (line) =>
        `| ${line.quantity} | ${line.name} (${line.sku}) | ${money(line.unitPriceMinor, currency)} | ${money(line.lineTotalMinor, currency)} |`,
    );
    return [
      `# Invoice ${number}\n`,
      `Issued ${new Date(issuedAt).toISOString().slice(0, 10)} by ${issuer} for ${customerName}, order ${order.number}.\n`,
      "| Quantity | Article | Each | Total |\n| --- | --- | --- | --- |",
      ...lines,
      `\nTotal ${money(totalMinor, currency)}, paid ${money(paidMinor, currency)}, open ${money(totalMinor - paidMinor, currency)}.\n`,
    ].join("\n");
  };

  test("every invoice", async () => {
    const orders = await rowsOf(t, "orders", "globex");
    const invoices = await rowsOf(t, "invoices", "globex");
    expect(invoices.length).toBeGreaterThan(20);
    for (const invoice of invoices) {
      const order = orders.find(({ _id }) => _id === invoice.orderId)!;
      const sum = order.lines.reduce((total, { lineTotalMinor }) => total + lineTotalMinor, 0);
      expect(sum).toBe(invoice.totalMinor);
      expect(textOf(await read(keys.globex, `erp://invoices/${invoice.number}`))).toBe(
        invoiceText(invoice, order, "Globex Supply Inc."),
      );
    }
  });

  test("the same number names each tenant's own invoice", async () => {
    const uri = "erp://invoices/INV-000001";
    const [ours, theirs] = [await read(keys.admin, uri), await read(keys.globex, uri)].map(textOf);
    expect(ours).toContain("Acme Industriebedarf GmbH");
    expect(theirs).toContain("Globex Supply Inc.");
    expect(ours).not.toContain("Globex");
  });

  test("stock is read as it is now", async () => {
    const server = await newServer();
    const { key } = await issueKey(server);
    const tenant = (await rows(server, "tenants"))[0]!;
    const productId = await server.run((ctx) =>
      insertProduct(within(ctx, tenant), { sku: "X", name: "New", unitPriceMinor: 5 }),
    );
    expect(cellsOf(textOf(await read(key, "erp://products/X", server))).slice(3)).toEqual([
      ["Price", "0.05 EUR"],
      ["On hand", "0"],
    ]);
    const args = { productId, quantity: 7, reason: "received" };
    await rpc(server, key, "tools/call", { name: "stock_adjust", arguments: args });
    expect(textOf(await read(key, "erp://products/X", server))).toContain("| On hand | 7 |");
  });
});

describe("what a request costs and leaves behind", () => {
  test.each<[string, () => Promise<unknown>, string[]]>([
    ["resources/list", () => list(keys.admin), []],
    ["resources/templates/list", () => templates(keys.admin), []],
    ["a read", () => read(keys.admin, "erp://products/ACM-101"), ["toolgate/reading:read"]],
    [
      "a read of nothing",
      () => read(keys.admin, "erp://products/nonesuch"),
      ["toolgate/reading:read"],
    ],
    ["a read of no resource", () => read(keys.admin, "erp://nonesuch"), []],
    ["a forbidden read", () => read(keys.warehouse, OVERVIEW), []],
  ])("%s: the admission and no more than one query", async (_what, work, rest) => {
    await work();
    expect(calls).toEqual(["toolgate/gate:admit", ...rest]);
  });

  test.each<[string, keyof typeof keys, string, object]>([
    ["a read", "admin", "erp://products/ACM-101", { outcome: "answered", role: "admin" }],
    ["a read of nothing", "admin", "erp://products/none", { outcome: "answered" }],
    ["a forbidden read", "warehouse", OVERVIEW, { outcome: "denied", reason: "forbidden" }],
    ["a read of no resource", "admin", "x:y", { outcome: "denied", reason: "unknown_resource" }],
    ["a key for tools", "toolsOnly", OVERVIEW, { outcome: "denied", reason: "forbidden" }],
  ])("%s is one audit row that names its target", async (_what, who, uri, row) => {
    const added = await audited(t, () => read(keys[who], uri));
    expect(added).toEqual([
      expect.objectContaining({ method: "resources/read", target: uri, ...row }),
    ]);
    expect(added[0]).not.toHaveProperty("tool");
  });

  test("a list is one row without a target; a long URI is cut and keys are redacted in it", async () => {
    const [row] = await audited(t, () => list(keys.admin));
    expect(row).toMatchObject({ method: "resources/list", outcome: "answered" });
    expect(row).not.toHaveProperty("target");
    const [long] = await audited(t, () => read(keys.admin, `x:${"y".repeat(5000)}`));
    expect(long!.target!.length).toBeLessThan(140);
    const [secret] = await audited(t, () => read(keys.admin, `erp://products/${keys.viewer}`));
    expect(secret!.target).toBe("erp://products/[redacted]");
  });

  test("a URI that holds a key of ours comes back without it from a family the caller may not read", async () => {
    const { text } = await read(keys.warehouse, `erp://invoices/${keys.viewer}`);
    expect(text).not.toContain(keys.viewer);
  });

  test("and from one it may", async () => {
    const { text } = await read(keys.admin, `erp://invoices/${keys.viewer}`);
    expect(text).not.toContain(keys.viewer);
  });
});

describe("2026-07-28", () => {
  const hints = { resultType: "complete", ttlMs: 60_000, cacheScope: "private" };

  test.each(["resources/list", "resources/templates/list"])("%s carries hints", async (method) => {
    const { status, json } = await modernRpc(t, keys.admin, method);
    const legacy = await rpc(t, keys.admin, method);
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ ...hints, ...legacy.json.result });
    for (const member of ["ttlMs", "cacheScope", "resultType", "_meta"])
      expect(legacy.json.result).not.toHaveProperty(member);
  });

  test("so does a read, and an error does not", async () => {
    const uri = "erp://products/ACM-101";
    const { json } = await modernNamed(t, keys.admin, "resources/read", { uri }, uri);
    const legacy = await read(keys.admin, uri);
    expect(json.result).toMatchObject({ ...hints, ...withoutOperation(legacy.json.result) });
    const { text } = await modernNamed(t, keys.admin, "resources/read", { uri: "x" }, "x");
    expect(text).not.toContain("ttlMs");
  });

  test.each([
    ["none", undefined, /Mcp-Name is missing/],
    ["another", "erp://products/ACM-102", /Mcp-Name does not match/],
    ["in other case", "erp://products/acm-101", /does not match/],
    ["decoded", "=?base64?!?=", /does not match/],
  ])("Mcp-Name, %s: 400 and -32020, and nothing runs", async (_what, name, message) => {
    const uri = "erp://products/ACM-101";
    const { status, json } = await modernNamed(t, keys.admin, "resources/read", { uri }, name);
    expect([status, json.error?.code]).toEqual([400, -32020]);
    expect(json.error?.message).toMatch(message);
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });

  test("a base64 form of Mcp-Name is taken for any URI", async () => {
    const uri = OVERVIEW;
    const name = `=?base64?${btoa(uri)}?=`;
    expect((await modernNamed(t, keys.admin, "resources/read", { uri }, name)).status).toBe(200);
  });
});
