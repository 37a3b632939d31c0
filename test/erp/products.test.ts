import { describe, expect, test } from "vitest";
import { insertProduct } from "../../convex/erp/products";
import { within } from "../support/within";
import { addProduct, erp, newErp, refusal } from "./setup";

describe("products", () => {
  test("are read by id or SKU, with a price in the tenant's currency", async () => {
    const { t, acme, globex } = await newErp();
    const productId = await addProduct(t, "acme", { sku: "A-1", unitPriceMinor: 1250, stock: 0 });
    const product = {
      id: productId,
      sku: "A-1",
      name: "Product A-1",
      unitPriceMinor: 1250,
      currency: "EUR",
    };
    expect(await acme.query(erp.products.get, { productId })).toEqual(product);
    expect(await acme.query(erp.products.get, { sku: "A-1" })).toEqual(product);
    const foreign = await refusal(globex.query(erp.products.get, { sku: "A-1" }));
    expect(foreign).toEqual({ code: "not_found", message: "No such product." });
  });

  test("are asked for by exactly one of id and SKU", async () => {
    const { acme } = await newErp();
    expect((await refusal(acme.query(erp.products.get, {}))).code).toBe("invalid_arguments");
    const both = acme.query(erp.products.get, { sku: "A-1", productId: "x" });
    expect((await refusal(both)).code).toBe("invalid_arguments");
  });

  test("are found by SKU and name, with and without punctuation", async () => {
    const { t, acme } = await newErp();
    await t.run(async (ctx) => {
      const tenant = (await ctx.db.query("tenants").first())!;
      const inTenant = within(ctx, tenant);
      await insertProduct(inTenant, { sku: "BLT-M6", name: "Hex bolt, zinc", unitPriceMinor: 10 });
      await insertProduct(inTenant, { sku: "BLT-M8", name: "Hex bolt, steel", unitPriceMinor: 12 });
    });
    const skus = async (text: string) =>
      (await acme.query(erp.products.search, { text })).items.map(({ sku }) => sku);
    expect(await skus("blt-m8")).toEqual(["BLT-M8"]);
    expect(await skus("bolt zinc")).toEqual(["BLT-M6"]);
    expect(await skus("hex")).toEqual(["BLT-M6", "BLT-M8"]);
  });

  test("share no SKU within a tenant", async () => {
    const { t } = await newErp();
    const adding = t.run(async (ctx) => {
      const [acme, globex] = await ctx.db.query("tenants").collect();
      const product = { sku: "A-1", name: "One", unitPriceMinor: 10 };
      await insertProduct(within(ctx, acme!), product);
      await insertProduct(within(ctx, globex!), product);
      await insertProduct(within(ctx, acme!), product);
    });
    expect((await refusal(adding)).code).toBe("sku_taken");
  });
});
