/** A key with constraints: what breaks them is refused, and the path is named. */
import { beforeAll, describe, expect, test } from "vitest";
import { callTool, issueKey } from "../support/gate";
import { t } from "./everyRole";

describe("a key with constraints", () => {
  const constraints = {
    orders_confirm: { expectedTotalMinor: { min: 10, max: 100 } },
    orders_create: { "lines.*.quantity": { max: 5 }, customerId: { oneOf: ["a", "b"] } },
    products_search: { limit: { max: 3 } },
    stock_adjust: { note: { oneOf: ["x", 1, true] } },
  };
  const NOT_ALLOWED = /^not_allowed: /;
  let key: string;

  beforeAll(async () => {
    ({ key } = await issueKey(t, { constraints }));
  });

  const textOf = async (name: string, args: object) => {
    const result = await callTool(t, key, name, args);
    return result.isError === true ? result.content[0]!.text : "";
  };

  const line = (quantity: unknown) => ({ productId: "p", quantity });

  test.each<[string, object, string[]]>([
    ["orders_confirm", { orderId: "o", expectedTotalMinor: 101 }, ["expectedTotalMinor"]],
    ["orders_confirm", { orderId: "o", expectedTotalMinor: 9 }, ["expectedTotalMinor"]],
    ["orders_confirm", { orderId: "o", expectedTotalMinor: "50" }, ["expectedTotalMinor"]],
    ["orders_confirm", { orderId: "o", expectedTotalMinor: [50] }, ["expectedTotalMinor"]],
    ["orders_confirm", { orderId: "o", expectedTotalMinor: null }, ["expectedTotalMinor"]],
    ["orders_confirm", { orderId: "o" }, ["expectedTotalMinor"]],
    ["orders_create", { customerId: "a", lines: [line(5), line(6)] }, ["lines.*.quantity"]],
    ["orders_create", { customerId: "a", lines: [line(5), {}] }, ["lines.*.quantity"]],
    ["orders_create", { customerId: "a", lines: [] }, ["lines.*.quantity"]],
    ["orders_create", { customerId: "a", lines: { 0: line(1) } }, ["lines.*.quantity"]],
    ["orders_create", { customerId: "a" }, ["lines.*.quantity"]],
    ["orders_create", { customerId: "c", lines: [line(1)] }, ["customerId"]],
    ["orders_create", { customerId: "c", lines: [line(9)] }, ["lines.*.quantity", "customerId"]],
    ["products_search", {}, ["limit"]],
    ["products_search", { limit: 4 }, ["limit"]],
    ["stock_adjust", { note: "1" }, ["note"]],
    ["stock_adjust", { note: "toString" }, ["note"]],
  ])("%s %j is not allowed, and the path is named", async (name, args, paths) => {
    const text = await textOf(name, args);
    expect(text).toMatch(NOT_ALLOWED);
    const lines = text.replace(NOT_ALLOWED, "").split("\n");
    expect(lines.map((problem) => problem.slice(0, problem.indexOf(": ")))).toEqual(paths.sort());
  });

  test.each<[string, object]>([
    ["orders_confirm", { orderId: "o", expectedTotalMinor: 10 }],
    ["orders_confirm", { orderId: "o", expectedTotalMinor: 100 }],
    ["orders_create", { customerId: "b", lines: [line(5), line(1)] }],
    ["products_search", { limit: 3 }],
    ["stock_adjust", { note: "x" }],
    ["orders_cancel", { orderId: "o" }],
  ])("%s %j is allowed", async (name, args) => {
    expect(await textOf(name, args)).not.toMatch(NOT_ALLOWED);
  });

  test("a path that names no argument refuses every call", async () => {
    const { key: blocked } = await issueKey(t, {
      constraints: { customers_search: { nonesuch: { max: 1 } } },
    });
    const result = await callTool(t, blocked, "customers_search", {});
    expect(result.content[0]!.text).toMatch(/^not_allowed: nonesuch: /);
  });
});
