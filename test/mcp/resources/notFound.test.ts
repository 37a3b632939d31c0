/**
 * Nobody reads what is not theirs: it is answered like what is not there.
 *
 * @spec MCP 2025-11-25 server/resources
 * @spec MCP 2026-07-28 server/resources
 */
import { describe, expect, test } from "vitest";
import { post, rpc, type Reply } from "../../support/gate";
import { modernNamed, rowsOf } from "../../support/demoApp";
import { OVERVIEW, calls, keys, read, t } from "./setup";

const LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"];

const notFound = (uri: string, code = -32002) => ({
  code,
  message: "Resource not found",
  data: { uri },
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
    expect(calls).toEqual(["toolgate/gate:admit"]);
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
