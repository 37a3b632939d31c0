/** Names that hold syntax break neither a URI nor a document. */
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { insertCustomer } from "../../../convex/erp/customerRows";
import { insertProduct } from "../../../convex/erp/products";
import { issueKey, newServer, rows } from "../../support/gate";
import { asHeader, modernNamed } from "../../support/demoApp";
import { within } from "../../support/within";
import { OVERVIEW, cellsOf, read, textOf } from "./setup";

describe("names that hold what Markdown or a URI would read as syntax", async () => {
  const server = await newServer();
  const { key } = await issueKey(server);
  const tenant = (await rows(server, "tenants"))[0]!;
  const add = (sku: string, name: string) =>
    server.run((ctx) => insertProduct(within(ctx, tenant), { sku, name, unitPriceMinor: 100 }));

  test.each([
    "a b",
    "50%",
    "a/b",
    "a?b#c",
    "Müller-ß",
    "螺栓",
    "🔩",
    "a+b&c=d",
    "{sku}",
    "..",
    "a\\b",
    "%41",
    'x"y',
    "(1)*!'~",
  ])("SKU %j is read by its encoded form", async (sku) => {
    await add(sku, `Name of ${sku}`);
    const uri = `erp://products/${encodeURIComponent(sku)}`;
    const text = textOf(await read(key, uri, server));
    expect(cellsOf(text)[2]).toEqual(["SKU", sku]);
    const modern = await modernNamed(server, key, "resources/read", { uri }, uri);
    expect(textOf(modern)).toBe(text);
  });

  test("a raw form is as good where it fits", async () => {
    const uri = "erp://products/Müller-ß";
    expect(textOf(await read(key, uri, server))).toContain("Müller-ß");
    const modern = await modernNamed(server, key, "resources/read", { uri }, asHeader(uri));
    expect(textOf(modern)).toContain("Müller-ß");
  });

  const nasty = "a | b\n| evil | row |\r\n# Heading\n\n---\r`c|d` \\| \\";

  test("cannot break the table of a product sheet", async () => {
    await add("N|1\n", nasty);
    const uri = `erp://products/${encodeURIComponent("N|1\n")}`;
    const text = textOf(await read(key, uri, server));
    expect(text.split("\n")).toHaveLength(8);
    expect(text.match(/^#/gm)).toHaveLength(1);
    const cells = cellsOf(text);
    expect(cells.map((line) => line.length)).toEqual([2, 2, 2, 2, 2]);
    expect(cells[2]).toEqual(["SKU", "N|1"]);
  });

  const nastyInvoice = async (customerName: string) => {
    const productId = await add(`P${customerName.length}`, nasty);
    const line = { productId, sku: "P|\n2", name: nasty, quantity: 2, unitPriceMinor: 100 };
    return server.run(async (ctx) => {
      const customer = { name: customerName, email: "a@example.com" };
      const customerId = await insertCustomer(within(ctx, tenant), customer);
      const common = { tenantId: tenant._id, customerId, customerName, currency: "EUR" };
      const lines = [{ ...line, lineTotalMinor: 200 }];
      const orderId = await ctx.db.insert("orders", {
        ...common,
        ...{ number: "SO-1", status: "invoiced", lines, totalMinor: 200 },
        ...{ createdBy: "x", createdAt: 0 },
      });
      await ctx.db.insert("invoices", {
        ...common,
        ...{ number: "INV-1", orderId, orderNumber: "SO-1", status: "open" },
        ...{ totalMinor: 200, paidMinor: 0, issuedAt: 0 },
      });
    });
  };

  test("cannot break the table of an invoice", async () => {
    await nastyInvoice(nasty);
    const text = textOf(await read(key, "erp://invoices/INV-1", server));
    expect(cellsOf(text).map((line) => line.length)).toEqual([4, 4, 4]);
    expect(text.match(/^#/gm)).toHaveLength(1);
    expect(text.split("\n")).toHaveLength(10);
    expect(text).toContain("Issued 1970-01-01 by Acme for a \\| b \\| evil");
  });

  test("are no link, picture, mark-up, mention or hidden text", async () => {
    const name =
      "[pay](https://evil.example) ![x](//e) <img src=x> &lt; *b* _i_ ~s~ `c` www.evil.example @all :bomb: \u202e\u200b$x$";
    await add("LINK", name);
    const text = textOf(await read(key, "erp://products/LINK", server));
    expect(text.split("\n")[0]).toBe(
      "# \\[pay\\]\\(https\\://evil.example\\) \\!\\[x\\]\\(//e\\) \\<img src\\=x\\> \\&lt; \\*b\\* \\_i\\_ \\~s\\~ \\`c\\` " +
        "www\\.evil.example \\@all \\:bomb\\: \\$x\\$",
    );
  });

  test("nor can the name of the company", async () => {
    const name = "Evil\n# Heading";
    const args = { slug: "evil", name, currency: "EUR" };
    await server.mutation(internal.erp.tenants.create, args);
    const { key: evil } = await issueKey(server, { tenant: "evil" });
    expect(textOf(await read(evil, OVERVIEW, server)).match(/^#/gm)).toHaveLength(1);
  });
});
