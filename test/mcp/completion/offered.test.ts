/**
 * completion/complete: the values that are offered, and what that costs.
 *
 * @spec MCP 2025-11-25 server/utilities/completion
 * @spec MCP 2026-07-28 server/utilities/completion
 */
import { describe, expect, test } from "vitest";
import { insertCustomer } from "../../../convex/erp/customerRows";
import { insertProduct } from "../../../convex/erp/products";
import { issueKey, newServer, rows } from "../../support/gate";
import { within } from "../../support/within";
import { audited, modernNamed, rowsOf } from "../../support/demoApp";
import { calls, t, keys, SKU, NUMBER, DUNNING, REVIEW, complete, offered } from "./setup";

describe("completion/complete", () => {
  test.each(["", "A", "ACM-1", "ACM-10", "ACM-101", "ACM-1011", "GLX", "acm", "-101"])(
    "SKUs that begin with %j",
    async (value) => {
      const all = (await rowsOf(t, "products")).map(({ sku }) => sku).sort();
      const values = all.filter((sku) => sku.startsWith(value));
      expect(await offered(keys.admin, SKU, "sku", value)).toEqual({ values, hasMore: false });
    },
  );

  test.each(["", "INV", "INV-00000", "INV-000001", "inv", "SO"])(
    "invoice numbers that begin with %j",
    async (value) => {
      const all = (await rowsOf(t, "invoices")).map(({ number }) => number).sort();
      const values = all.filter((number) => number.startsWith(value));
      expect(await offered(keys.admin, NUMBER, "number", value)).toEqual({
        ...{ values, hasMore: false },
      });
    },
  );

  test("all customers, or those with words that begin so", async () => {
    const names = (await rowsOf(t, "customers")).map(({ name }) => name);
    const all = await offered(keys.admin, DUNNING, "customer", "");
    expect([...all.values].sort()).toEqual([...names].sort());
    for (const [value, stem] of [
      ["nord", "Nordlicht"],
      ["MULLER", "Müller"],
      ["Van D", "Van Dijk"],
    ] as const) {
      const { values } = await offered(keys.admin, DUNNING, "customer", value);
      expect([...values].sort()).toEqual(names.filter((name) => name.startsWith(stem)).sort());
      expect(values).toHaveLength(3);
    }
    expect((await offered(keys.admin, DUNNING, "customer", "nobody")).values).toEqual([]);
  });

  test.each([
    ["", ["draft", "confirmed", "invoiced", "cancelled"]],
    ["c", ["confirmed", "cancelled"]],
    ["DRA", ["draft"]],
    ["drafts", []],
    ["x", []],
  ])("order states that begin with %j", async (value, values) => {
    expect(await offered(keys.admin, REVIEW, "status", value)).toEqual({ values, hasMore: false });
  });

  test("never what is another tenant's", async () => {
    const everything = async (key: string) =>
      (
        await Promise.all([
          offered(key, SKU, "sku", ""),
          offered(key, DUNNING, "customer", ""),
          offered(key, DUNNING, "customer", "office"),
        ])
      ).flatMap(({ values }) => values);
    const [ours, theirs] = [await everything(keys.admin), await everything(keys.globex)];
    expect(theirs.length).toBeGreaterThan(100);
    expect(ours.filter((value) => theirs.includes(value))).toEqual([]);
    expect((await offered(keys.admin, SKU, "sku", "GLX")).values).toEqual([]);
    expect((await offered(keys.admin, DUNNING, "customer", "Pine Ridge")).values).toEqual([]);
  });

  test("100 values at most, and says if there are more", async () => {
    const server = await newServer();
    const { key } = await issueKey(server);
    const tenant = (await rows(server, "tenants"))[0]!;
    const add = (from: number, to: number) =>
      server.run(async (ctx) => {
        for (let i = from; i < to; i++) {
          const name = `Name ${String(i)}`;
          const sku = `S${String(1000 + i)}`;
          await insertProduct(within(ctx, tenant), { sku, name, unitPriceMinor: 1 });
          await insertCustomer(within(ctx, tenant), { name, email: `${String(i)}@x.example` });
        }
      });
    const looks = [
      [SKU, "sku", "S"],
      [SKU, "sku", ""],
      [DUNNING, "customer", ""],
      [DUNNING, "customer", "name"],
    ] as const;
    await add(0, 100);
    for (const [ref, name, value] of looks) {
      const { values, hasMore } = await offered(key, ref, name, value, server);
      expect([new Set(values).size, hasMore]).toEqual([100, false]);
    }
    await add(100, 250);
    for (const [ref, name, value] of looks) {
      const { values, hasMore } = await offered(key, ref, name, value, server);
      expect([new Set(values).size, hasMore]).toEqual([100, true]);
    }
  });

  test("what follows the beginning may be any sign", async () => {
    const server = await newServer();
    const { key } = await issueKey(server);
    const tenant = (await rows(server, "tenants"))[0]!;
    for (const sku of ["A🔩", "A\uffee", "A𠮷"])
      await server.run((ctx) =>
        insertProduct(within(ctx, tenant), { sku, name: "N", unitPriceMinor: 1 }),
      );
    expect((await offered(key, SKU, "sku", "A", server)).values).toHaveLength(3);
  });

  test("a value that is cut in the middle of a sign is still text", async () => {
    const value = `${"x".repeat(255)}🔩`;
    for (const [ref, name] of [
      [SKU, "sku"],
      [DUNNING, "customer"],
    ] as const)
      expect((await offered(keys.admin, ref, name, value)).values).toEqual([]);
  });

  test("a long or odd value offers nothing and breaks nothing", async () => {
    for (const value of ["x".repeat(10_000), "\u0000", "\uffff", "'; --", "%", "(", "\n"]) {
      expect((await offered(keys.admin, SKU, "sku", value)).values).toEqual([]);
    }
  });

  test("2026-07-28, and the context of earlier arguments is let through", async () => {
    const argument = { name: "sku", value: "ACM-4" };
    const params = { ref: SKU, argument, context: { arguments: { a: "b" } } };
    const { status, json } = await modernNamed(t, keys.admin, "completion/complete", params);
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      resultType: "complete",
      completion: { values: ["ACM-401", "ACM-402", "ACM-403", "ACM-404"], hasMore: false },
    });
    expect(json.result).not.toHaveProperty("ttlMs");
  });

  test("costs the admission and one query, and is one audit row that keeps no typed text", async () => {
    const argument = { name: "customer", value: "Nordlicht" };
    const added = await audited(t, () => complete(keys.admin, DUNNING, argument));
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
    expect(added).toEqual([
      expect.objectContaining({ method: "completion/complete", target: "dunning_letter" }),
    ]);
    expect(JSON.stringify(added)).not.toContain("Nordlicht");
  });
});
