/** Resources over HTTP: what is listed, what is read, and that nobody reads what is not theirs. */
import { beforeEach, describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { issueKey, newServer, post, rows, rpc, type Reply } from "../support/gate";
import { modernRpc } from "../support/speak";
import {
  asHeader,
  audited,
  modernNamed,
  newCountedBackend,
  newDemo,
  rowsOf,
} from "../support/demoApp";

const calls: string[] = [];
const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

const OVERVIEW = "erp://overview";
const TEMPLATES = ["erp://products/{sku}", "erp://invoices/{number}"];
const LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"];

const list = async (key: string, cursor?: unknown) =>
  (await rpc(t, key, "resources/list", cursor === undefined ? {} : { cursor })).json;
const templates = async (key: string, cursor?: unknown) =>
  (await rpc(t, key, "resources/templates/list", cursor === undefined ? {} : { cursor })).json;
const read = (key: string, uri: unknown, backend = t) =>
  rpc(backend, key, "resources/read", { uri });

const textOf = ({ json, text }: Reply): string => {
  const [content] = (json.result?.contents ?? []) as { text: string }[];
  if (content === undefined) throw new Error(`nothing was read: ${text}`);
  return content.text;
};

const money = (minor: number, currency: string) => `${(minor / 100).toFixed(2)} ${currency}`;

const notFound = (uri: string, code = -32002) => ({
  code,
  message: "Resource not found",
  data: { uri },
});

/** The cells of each line of the table in a document. */
const cellsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );

describe("lists", () => {
  test("what can be read as it stands", async () => {
    const { result } = await list(keys.admin);
    expect(result).toEqual({
      resources: [
        {
          uri: OVERVIEW,
          name: "overview",
          description: "The company at a glance.",
          mimeType: "text/markdown",
        },
      ],
    });
  });

  test("what takes a variable", async () => {
    const { result } = await templates(keys.admin);
    expect(result).toEqual({
      resourceTemplates: [
        {
          uriTemplate: "erp://products/{sku}",
          name: "product sheet",
          description: expect.any(String),
          mimeType: "text/markdown",
        },
        {
          uriTemplate: "erp://invoices/{number}",
          name: "invoice",
          description: expect.any(String),
          mimeType: "text/markdown",
        },
      ],
    });
  });

  test.each([
    ["admin", [OVERVIEW], TEMPLATES],
    ["viewer", [OVERVIEW], TEMPLATES],
    ["warehouse", [], [TEMPLATES[0]!]],
    ["toolsOnly", [], []],
  ] as const)("%s sees what its key is for", async (who, fixed, families) => {
    const { resources } = (await list(keys[who])).result as { resources: { uri: string }[] };
    expect(resources.map(({ uri }) => uri)).toEqual(fixed);
    const { resourceTemplates } = (await templates(keys[who])).result as {
      resourceTemplates: { uriTemplate: string }[];
    };
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(families);
  });

  test("both tenants see the same", async () => {
    expect(await list(keys.globex)).toEqual(await list(keys.admin));
    expect(await templates(keys.globex)).toEqual(await templates(keys.admin));
  });

  const cursor = (name: string) => btoa(encodeURIComponent(name));

  test.each([
    ["malformed", "%%%"],
    ["empty", ""],
    ["no text", 1],
    ["null", null],
    ["an object", {}],
    ["very long", "a".repeat(5000)],
    ["another list's", cursor("customers_search")],
    ["a name as it stands", OVERVIEW],
  ])("a cursor that is %s: -32602", async (_what, sent) => {
    for (const { error } of [await list(keys.admin, sent), await templates(keys.admin, sent)]) {
      expect(error).toEqual({
        code: -32602,
        message: 'Invalid params: "cursor" was not issued by this server',
      });
    }
  });

  test("a cursor of one list is none of the other, nor of a caller who may not see its item", async () => {
    expect((await templates(keys.admin, cursor(OVERVIEW))).error?.code).toBe(-32602);
    expect((await list(keys.admin, cursor(TEMPLATES[0]!))).error?.code).toBe(-32602);
    expect((await list(keys.warehouse, cursor(OVERVIEW))).error?.code).toBe(-32602);
    expect((await templates(keys.warehouse, cursor(TEMPLATES[1]!))).error).toEqual(
      (await templates(keys.warehouse, cursor("erp://nonesuch/{x}"))).error,
    );
  });
});

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
      ctx.db.insert("products", {
        ...{ tenantId: tenant._id, sku: "X", name: "New", unitPriceMinor: 5, searchText: "x" },
      }),
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

describe("not found", () => {
  test.each(LEGACY)("-32002 in %s", async (version) => {
    const uri = "erp://products/nonesuch";
    const message = { jsonrpc: "2.0", id: 1, method: "resources/read", params: { uri } };
    const { status, json } = await post(t, keys.admin, message, {
      "MCP-Protocol-Version": version,
    });
    expect([status, json.error]).toEqual([200, notFound(uri)]);
  });

  test("-32602 in 2026-07-28", async () => {
    for (const uri of ["erp://products/nonesuch", "erp://nonesuch", "nonesuch"]) {
      const { status, json } = await modernNamed(t, keys.admin, "resources/read", { uri }, uri);
      expect([status, json.error]).toEqual([200, notFound(uri, -32602)]);
    }
  });

  test.each([
    "erp://products/GLX-101",
    "erp://products/",
    "erp://products",
    "erp://products/ACM-101/",
    "erp://products/ACM-101/x",
    "erp://products//ACM-101",
    "erp://products/ACM-101?x",
    "erp://products/ACM-101#x",
    "erp://products/acm-101",
    "erp://products/ACM-101 ",
    "erp://products/ACM-101\n",
    "erp://products/ACM-101%0A",
    "erp://products/ACM-101%00",
    "erp://products/ACM-10",
    "erp://products/ACM%2D10%",
    "erp://products/%",
    "erp://products/%C3",
    "erp://products/%ED%A0%80",
    "erp://products/%2E%2E%2Finvoices%2FINV-000001",
    "erp://products/../invoices/INV-000001",
    "erp://products/{sku}",
    `erp://products/${"A".repeat(257)}`,
    "ERP://products/ACM-101",
    " erp://products/ACM-101",
    "xerp://products/ACM-101",
    "erp:/products/ACM-101",
    "erp://overview/",
    "erp://over%76iew",
    "erp://Overview",
    "erp://invoices/INV-1",
    "erp://invoices/{number}",
    "",
    "constructor",
    "__proto__",
    "file:///etc/passwd",
    "https://example.com/",
  ])("%j", async (uri) => {
    expect((await read(keys.admin, uri)).json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: notFound(uri),
    });
  });

  test.each([undefined, null, 1, {}, ["erp://overview"]])("a URI of %j: -32602", async (uri) => {
    expect((await read(keys.admin, uri)).json.error).toEqual({
      code: -32602,
      message: 'Invalid params: "uri" must be a string',
    });
    expect(calls).toEqual([]);
  });

  const outward = (reply: Reply, uri: string) => ({
    status: reply.status,
    headers: [...reply.headers],
    text: reply.text.replace(uri, ""),
  });

  test("is all that is told of what another tenant has", async () => {
    const theirs = (await rowsOf(t, "products", "globex"))[0]!;
    const numbers = (await rowsOf(t, "invoices")).map(({ number }) => number);
    await t.run(async (ctx) => {
      const { _id, _creationTime, ...copy } = (await ctx.db.query("invoices").first())!;
      const tenant = await ctx.db.query("tenants").order("desc").first();
      await ctx.db.insert("invoices", { ...copy, tenantId: tenant!._id, number: "INV-999" });
    });
    expect(numbers).not.toContain("INV-999");
    for (const [own, missing] of [
      [`erp://products/${theirs.sku}`, "erp://products/nonesuch"],
      ["erp://invoices/INV-999", "erp://invoices/nonesuch"],
    ] as const) {
      expect((await read(keys.globex, own)).json.error).toBeUndefined();
      expect(outward(await read(keys.admin, own), own)).toEqual(
        outward(await read(keys.admin, missing), missing),
      );
    }
  });

  test.each([
    ["warehouse", OVERVIEW],
    ["warehouse", "erp://invoices/INV-000001"],
    ["toolsOnly", OVERVIEW],
    ["toolsOnly", "erp://products/ACM-101"],
    ["toolsOnly", "erp://invoices/INV-000001"],
  ] as const)("is what %s is told of %s, in both eras", async (who, uri) => {
    expect((await read(keys.admin, uri)).json.error).toBeUndefined();
    const missing = "erp://nonesuch";
    expect(outward(await read(keys[who], uri), uri)).toEqual(
      outward(await read(keys[who], missing), missing),
    );
    const modern = (name: string) =>
      modernNamed(t, keys[who], "resources/read", { uri: name }, name);
    expect(outward(await modern(uri), uri)).toEqual(outward(await modern(missing), missing));
  });

  test("a key with tools reads no resource that its tools could show", async () => {
    const { json } = await rpc(t, keys.toolsOnly, "tools/call", {
      name: "products_get",
      arguments: { sku: "ACM-101" },
    });
    expect(json.result).not.toHaveProperty("isError");
    expect((await read(keys.toolsOnly, "erp://products/ACM-101")).json.error?.code).toBe(-32002);
  });
});

describe("names that hold what Markdown or a URI would read as syntax", async () => {
  const server = await newServer();
  const { key } = await issueKey(server);
  const tenant = (await rows(server, "tenants"))[0]!;
  const add = (sku: string, name: string) =>
    server.run((ctx) =>
      ctx.db.insert("products", {
        ...{ tenantId: tenant._id, sku, name, unitPriceMinor: 100, searchText: "" },
      }),
    );

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
    expect(cells[2]).toEqual(["SKU", "N 1"]);
  });

  const nastyInvoice = async (customerName: string) => {
    const productId = await add(`P${customerName.length}`, nasty);
    const line = { productId, sku: "P|\n2", name: nasty, quantity: 2, unitPriceMinor: 100 };
    return server.run(async (ctx) => {
      const customerId = await ctx.db.insert("customers", {
        ...{ tenantId: tenant._id, name: customerName, email: "a@example.com", searchText: "a" },
      });
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
    expect(text).toContain("Issued 1970-01-01 by Acme for a   b");
  });

  test("nor can the name of the company", async () => {
    const name = "Evil\n# Heading";
    const args = { slug: "evil", name, currency: "EUR" };
    await server.mutation(internal.erp.tenants.create, args);
    const { key: evil } = await issueKey(server, { tenant: "evil" });
    expect(textOf(await read(evil, OVERVIEW, server)).match(/^#/gm)).toHaveLength(1);
  });
});

describe("what a request costs and leaves behind", () => {
  test.each<[string, () => Promise<unknown>, string[]]>([
    ["resources/list", () => list(keys.admin), []],
    ["resources/templates/list", () => templates(keys.admin), []],
    ["a read", () => read(keys.admin, "erp://products/ACM-101"), ["reading:read"]],
    ["a read of nothing", () => read(keys.admin, "erp://products/nonesuch"), ["reading:read"]],
    ["a read of no resource", () => read(keys.admin, "erp://nonesuch"), []],
    ["a forbidden read", () => read(keys.warehouse, OVERVIEW), []],
  ])("%s: the admission and no more than one query", async (_what, work, rest) => {
    await work();
    expect(calls).toEqual(["gate:admit", ...rest]);
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
    expect(json.result).toMatchObject({ ...hints, ...legacy.json.result });
    const { text } = await modernNamed(t, keys.admin, "resources/read", { uri: "x" }, "x");
    expect(text).not.toContain("ttlMs");
  });

  test.each([
    ["none", undefined, /Mcp-Name is missing/],
    ["another", "erp://products/ACM-102", /Mcp-Name does not match/],
    ["in other case", "erp://products/acm-101", /does not match/],
    ["decoded", "=?base64?!?=", /does not match/],
  ])("Mcp-Name, %s: 400 and -32020, unasked", async (_what, name, message) => {
    const uri = "erp://products/ACM-101";
    const { status, json } = await modernNamed(t, keys.admin, "resources/read", { uri }, name);
    expect([status, json.error?.code]).toEqual([400, -32020]);
    expect(json.error?.message).toMatch(message);
    expect(calls).toEqual([]);
  });

  test("a base64 form of Mcp-Name is taken for any URI", async () => {
    const uri = OVERVIEW;
    const name = `=?base64?${btoa(uri)}?=`;
    expect((await modernNamed(t, keys.admin, "resources/read", { uri }, name)).status).toBe(200);
  });
});
