/**
 * completion/complete: a reference or an argument that cannot be right.
 *
 * @spec MCP 2025-11-25 server/utilities/completion
 * @spec MCP 2026-07-28 server/utilities/completion
 */
import { describe, expect, test } from "vitest";
import { calls, keys, SKU, NUMBER, DUNNING, complete } from "./setup";

describe("completion/complete", () => {
  test.each<[string, unknown]>([
    ["none", undefined],
    ["null", null],
    ["text", "ref/prompt"],
    ["of no type", { name: "dunning_letter" }],
    ["of another type", { type: "ref/tool", name: "customers_get" }],
    ["a prompt without a name", { type: "ref/prompt" }],
    ["a prompt by URI", { type: "ref/prompt", uri: "erp://overview" }],
    ["a resource without a URI", { type: "ref/resource", name: "overview" }],
    ["a resource with a number", { type: "ref/resource", uri: 1 }],
    ["an array", [DUNNING]],
  ])("a ref that is %s: -32602, and nothing runs", async (_what, ref) => {
    const { json } = await complete(keys.admin, ref, { name: "customer", value: "" });
    expect(json.error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('"ref" must'),
    });
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["null", null],
    ["text", "customer"],
    ["without a name", { value: "" }],
    ["without a value", { name: "customer" }],
    ["a number for a value", { name: "customer", value: 1 }],
    ["null for a value", { name: "customer", value: null }],
    ["a number for a name", { name: 1, value: "" }],
  ])("an argument that is %s: -32602", async (_what, argument) => {
    const { json } = await complete(keys.admin, DUNNING, argument);
    expect(json.error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('"argument" must be an object'),
    });
  });

  test("of an unknown or forbidden ref is what reading it is", async () => {
    const argument = { name: "customer", value: "" };
    const code = async (key: string, ref: object) =>
      (await complete(key, ref, argument)).json.error;
    const unknown = { code: -32602, message: "Unknown prompt: nonesuch" };
    expect(await code(keys.admin, { type: "ref/prompt", name: "nonesuch" })).toEqual(unknown);
    for (const key of [keys.warehouse, keys.toolsOnly]) {
      expect(await code(key, DUNNING)).toEqual({
        ...unknown,
        message: "Unknown prompt: dunning_letter",
      });
      expect(await code(key, NUMBER)).toEqual({
        ...{ code: -32002, message: "Resource not found", data: { uri: NUMBER.uri } },
      });
    }
    expect((await code(keys.admin, { type: "ref/resource", uri: "x:{y}" }))?.code).toBe(-32002);
  });

  test.each(["nonesuch", "", "constructor", "principal", "__proto__"])(
    "a prompt has no argument %j: -32602",
    async (name) => {
      const { json } = await complete(keys.admin, DUNNING, { name, value: "" });
      expect(json.error).toMatchObject({
        code: -32602,
        message: expect.stringContaining(JSON.stringify(name)),
      });
    },
  );

  test("a template has no variable of that name: -32602", async () => {
    const { json } = await complete(keys.admin, SKU, { name: "nonesuch", value: "" });
    expect(json.error?.code).toBe(-32602);
  });
});
