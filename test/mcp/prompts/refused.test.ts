/**
 * Prompts over HTTP: what is refused, and what a call costs.
 *
 * @spec MCP 2025-11-25 server/prompts
 * @spec MCP 2026-07-28 server/prompts
 */
import { describe, expect, test } from "vitest";
import { rows } from "../../support/gate";
import { audited, rowsOf } from "../../support/demoApp";
import { calls, t, keys, list, get, textOf, partsOf } from "./setup";

describe("what is refused", () => {
  test.each<[string, unknown, unknown, RegExp]>([
    ["a missing argument", "dunning_letter", undefined, /argument "customer" is missing/],
    ["a missing argument among none", "dunning_letter", {}, /argument "customer" is missing/],
    ["an unknown argument", "order_review", { state: "draft" }, /there is no argument "state"/],
    ["a server's own", "order_review", { principal: "x" }, /there is no argument "principal"/],
    ["a member of every object", "order_review", { constructor: "x" }, /no argument "constructor"/],
    ["a number", "dunning_letter", { customer: 1 }, /argument "customer" must be a string/],
    ["null", "dunning_letter", { customer: null }, /argument "customer" must be a string/],
    ["an object", "order_review", { status: {} }, /argument "status" must be a string/],
    ["an empty name", "dunning_letter", { customer: "" }, /customer/],
    ["a blank name", "dunning_letter", { customer: "  " }, /customer/],
    ["a long name", "dunning_letter", { customer: "x".repeat(121) }, /customer/],
    ["no such customer", "dunning_letter", { customer: "Nobody" }, /^customer: no customer has/],
    ["arguments: null", "order_review", null, /"arguments" must be an object/],
    ["arguments: []", "order_review", [], /"arguments" must be an object/],
    ["arguments: text", "order_review", "draft", /"arguments" must be an object/],
    ["name: 1", 1, {}, /"name" must be a string/],
    ["name: null", null, {}, /"name" must be a string/],
  ])("%s: -32602 that names it", async (_what, name, args, message) => {
    const { status, json } = await get(keys.admin, name, args);
    expect([status, json.error?.code]).toEqual([200, -32602]);
    expect(json.error?.message).toMatch(message);
    expect(json).not.toHaveProperty("result");
  });

  test.each(["lost", "Draft", ""])("order_review of state %j: -32602", async (status) => {
    const { json } = await get(keys.admin, "order_review", { status });
    expect(json.error?.code).toBe(-32602);
  });

  test("an argument that is named like a key, or without end, is quoted without the key and cut", async () => {
    const named = await get(keys.admin, "order_review", { [keys.admin]: "x" });
    expect(named.json.error?.code).toBe(-32602);
    expect(named.text).not.toContain(keys.admin.slice(26));
    const long = await get(keys.admin, "order_review", { ["x".repeat(10_000)]: "x" });
    expect(long.text.length).toBeLessThan(500);
  });

  test.each(["nonesuch", "", "constructor", "__proto__", "customers_search", "Order_review"])(
    "%j is no prompt",
    async (name) => {
      const error = { code: -32602, message: `Unknown prompt: ${name}` };
      expect((await get(keys.admin, name)).json.error).toEqual(error);
    },
  );

  test.each([
    ["warehouse", "dunning_letter"],
    ["toolsOnly", "order_review"],
  ] as const)("%s is told of %s what it is told of nothing", async (who, name) => {
    const reply = async (asked: string) => {
      const { status, headers, text } = await get(keys[who], asked, { customer: 1, x: 2 });
      return { status, headers: [...headers], text: text.replace(asked, "") };
    };
    expect(await reply(name)).toEqual(await reply("nonesuch"));
  });

  test("another tenant's customer is as unknown as any other", async () => {
    const open = (await rowsOf(t, "invoices", "globex")).find(({ status }) => status === "open")!;
    const customer = open.customerName;
    expect(partsOf(textOf(await get(keys.globex, "dunning_letter", { customer })))).toBeDefined();
    const theirs = await get(keys.admin, "dunning_letter", { customer });
    const none = await get(keys.admin, "dunning_letter", { customer: "Nobody Nowhere" });
    expect(theirs.text).toBe(none.text);
  });

  test("a call without effect on the data: admission and one query, or the admission alone", async () => {
    const before = await rows(t, "invoices");
    for (const [work, cost] of [
      [() => list(keys.admin), ["toolgate/gate:admit"]],
      [() => get(keys.admin, "order_review"), ["toolgate/gate:admit", "toolgate/reading:read"]],
      [() => get(keys.admin, "dunning_letter", {}), ["toolgate/gate:admit"]],
      [() => get(keys.admin, "nonesuch"), ["toolgate/gate:admit"]],
      [() => get(keys.admin, 1), ["toolgate/gate:admit"]],
    ] as const) {
      calls.length = 0;
      await work();
      expect(calls).toEqual(cost);
    }
    expect(await rows(t, "invoices")).toEqual(before);
  });

  test("a prompt is one audit row that names it", async () => {
    const row = { method: "prompts/get", target: "order_review", outcome: "answered" };
    expect(await audited(t, () => get(keys.admin, "order_review"))).toEqual([
      expect.objectContaining(row),
    ]);
    expect(await audited(t, () => get(keys.warehouse, "dunning_letter"))).toEqual([
      expect.objectContaining({ target: "dunning_letter", outcome: "denied", reason: "forbidden" }),
    ]);
  });
});
