/** Lists, searches and reports show a tenant its own rows alone. */
import { describe, expect, test } from "vitest";
import { callTool } from "../../support/gate";
import { keys, ownRows, raw, t, tenants } from "./setup";

const lists: readonly [name: string, args: object][] = [
  ["customers_search", {}],
  ["customers_search", { text: "office" }],
  ["products_search", {}],
  ["products_search", { text: "box" }],
  ["orders_list", {}],
  ["orders_list", { status: "invoiced" }],
  ["invoices_list", {}],
  ["invoices_list", { status: "open" }],
];

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

const page = async (tenant: string, name: string, args: object): Promise<Page> => {
  const result = await callTool(t, keys[tenant]!, name, args);
  if (result.isError === true) throw new Error(result.content[0]!.text);
  return result.structuredContent as unknown as Page;
};

describe("lists", () => {
  test.each(lists)(
    "%s %j shows all of the caller's rows and none of the other's",
    async (name, args) => {
      const table = {
        customers: "customers",
        products: "products",
        orders: "orders",
        invoices: "invoices",
      }[name.split("_")[0]!] as "customers";
      for (const tenant of tenants) {
        const own = new Set<string>((await ownRows(table, tenant)).map(({ _id }) => _id));
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const { items, nextCursor }: Page = await page(tenant, name, {
            ...args,
            limit: 25,
            ...(cursor === null ? {} : { cursor }),
          });
          seen.push(...items.map(({ id }) => id));
          cursor = nextCursor;
        } while (cursor !== null);
        expect(seen.filter((id) => !own.has(id))).toEqual([]);
        expect(new Set(seen).size).toBe(seen.length);
        if (Object.keys(args).length === 0) expect(seen).toHaveLength(own.size);
      }
    },
  );

  test("a word that only the other tenant's rows have finds nothing", async () => {
    expect((await page("acme", "customers_search", { text: "Delgado" })).items).toEqual([]);
    expect((await page("acme", "products_search", { text: "GLX" })).items).toEqual([]);
  });

  test("the report counts only the caller's", async () => {
    const span = { from: new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10) };
    const to = new Date().toISOString().slice(0, 10);
    for (const tenant of tenants) {
      const { structuredContent: report } = await callTool(t, keys[tenant]!, "sales_summary", {
        ...span,
        to,
      });
      expect(report?.orders).toBe((await ownRows("orders", tenant)).length);
      const skus = (report?.topProducts as { sku: string }[]).map(({ sku }) => sku.slice(0, 3));
      expect(new Set(skus)).toEqual(new Set([tenant === "acme" ? "ACM" : "GLX"]));
    }
  });

  test("a cursor of another tenant, list or filter is refused like a made-up one", async () => {
    const cursors = new Map<string, string>();
    for (const tenant of tenants) {
      for (const [name, args] of lists) {
        const { nextCursor } = await page(tenant, name, { ...args, limit: 2 });
        expect(nextCursor).not.toBeNull();
        cursors.set(JSON.stringify([tenant, name, args]), nextCursor!);
      }
    }
    for (const [name, args] of lists) {
      const bad = await raw("acme", name, { ...args, limit: 2, cursor: "bm9uc2Vuc2U=" });
      expect(bad.text).toContain("bad_cursor: ");
      for (const [of, cursor] of cursors) {
        const reply = await raw("acme", name, { ...args, limit: 2, cursor });
        if (of === JSON.stringify(["acme", name, args]))
          expect(reply.text).not.toContain("isError");
        else expect([of, reply]).toEqual([of, bad]);
      }
    }
  });
});
