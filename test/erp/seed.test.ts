import { describe, expect, test } from "vitest";
import { as, erp, newBackend } from "./setup";

describe("demo data", () => {
  test("time", async () => {
    const t = newBackend();
    await newBackend().mutation(erp.seed.demo, {}).catch(console.log);
    const t0 = performance.now();
    const r = await t.mutation(erp.seed.demo, {});
    const t1 = performance.now();
    console.log(r, t1 - t0);
    const s = await as(t, "acme").query(erp.customers.search, { limit: 3, text: "muller metall" });
    console.log(JSON.stringify(s, null, 1));
    const s2 = await as(t, "acme").query(erp.orders.list, { limit: 3 });
    console.log(JSON.stringify(s2, null, 1));
    expect(await t.mutation(erp.seed.demo, {})).toEqual(r);
  });
});
