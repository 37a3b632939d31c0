/**
 * The lists of resources and of templates: who sees what, and which cursors count.
 *
 * @spec MCP 2025-11-25 server/resources
 * @spec MCP 2026-07-28 server/resources
 * @spec MCP 2025-11-25 server/utilities/pagination
 */
import { describe, expect, test } from "vitest";
import { OVERVIEW, keys, list, templates } from "./setup";

const ORDER = "ui://erp/order";
const SALES = "ui://erp/sales";
const FIXED = [OVERVIEW, ORDER, SALES];
const TEMPLATES = ["erp://products/{sku}", "erp://invoices/{number}"];

describe("lists", () => {
  test("what can be read as it stands", async () => {
    const { result } = await list(keys.admin);
    expect(result).toEqual({
      resources: [
        {
          uri: OVERVIEW,
          name: "overview",
          title: "Overview",
          description: "The company at a glance.",
          mimeType: "text/markdown",
        },
        {
          ...{
            uri: ORDER,
            name: "order card",
            title: "Order card",
            mimeType: "text/html;profile=mcp-app",
          },
          ...{ description: expect.any(String), _meta: { ui: { prefersBorder: true } } },
        },
        {
          ...{
            uri: SALES,
            name: "sales chart",
            title: "Sales chart",
            mimeType: "text/html;profile=mcp-app",
          },
          ...{ description: expect.any(String), _meta: { ui: { prefersBorder: true } } },
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
          title: "Product sheet",
          description: expect.any(String),
          mimeType: "text/markdown",
        },
        {
          uriTemplate: "erp://invoices/{number}",
          name: "invoice",
          title: "Invoice",
          description: expect.any(String),
          mimeType: "text/markdown",
        },
      ],
    });
  });

  test.each([
    ["admin", FIXED, TEMPLATES],
    ["viewer", FIXED, TEMPLATES],
    ["warehouse", [ORDER], [TEMPLATES[0]!]],
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
    ["no text", 1],
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

  test.each([null, ""])("a cursor that is %j is none: the first page", async (sent) => {
    expect(await list(keys.admin, sent)).toEqual(await list(keys.admin));
    expect(await templates(keys.admin, sent)).toEqual(await templates(keys.admin));
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
