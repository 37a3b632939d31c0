/**
 * Prompts over HTTP: what is listed, and for whom.
 *
 * @spec MCP 2025-11-25 server/prompts
 * @spec MCP 2026-07-28 server/prompts
 */
import { describe, expect, test } from "vitest";
import { modernNamed } from "../../support/demoApp";
import { calls, t, keys, list } from "./setup";

describe("prompts/list", () => {
  const dunning = {
    name: "dunning_letter",
    title: "Payment reminder",
    description: expect.any(String),
    arguments: [
      {
        name: "customer",
        description: "The customer's name or e-mail address. White space around it is removed.",
        required: true,
      },
    ],
  };
  const review = {
    name: "order_review",
    title: "Order review",
    description: expect.any(String),
    arguments: [{ name: "status", description: expect.any(String), required: false }],
  };

  test.each([
    ["admin", [dunning, review]],
    ["viewer", [dunning, review]],
    ["warehouse", [review]],
    ["toolsOnly", []],
  ] as const)("%s sees what its key is for", async (who, prompts) => {
    expect((await list(keys[who])).result).toEqual({ prompts });
  });

  test("tells nothing of the functions behind them", async () => {
    const text = JSON.stringify(await list(keys.admin));
    for (const word of ["permission", "principal", "complete", "ref"])
      expect(text).not.toContain(`"${word}"`);
  });

  test.each(["%%%", " ", 1, false, {}, btoa("customers_search"), "dunning_letter"])(
    "cursor %j: -32602",
    async (cursor) => {
      expect((await list(keys.admin, { cursor })).error?.code).toBe(-32602);
    },
  );

  test("a cursor does not betray a prompt", async () => {
    const reply = (name: string) => list(keys.warehouse, { cursor: btoa(name) });
    expect(await reply("dunning_letter")).toEqual(await reply("nonesuch"));
  });

  test("2026-07-28: may be cached by its caller alone, and a prompt may not", async () => {
    const hints = { ttlMs: 60_000, cacheScope: "private" };
    const { json } = await modernNamed(t, keys.admin, "prompts/list", {});
    expect(json.result).toMatchObject({ resultType: "complete", ...hints });
    const params = { name: "order_review" };
    const got = await modernNamed(t, keys.admin, "prompts/get", params, "order_review");
    expect(got.json.result).toMatchObject({ resultType: "complete" });
    expect(got.json.result).not.toHaveProperty("ttlMs");
  });

  test("2026-07-28: Mcp-Name must repeat the prompt's", async () => {
    for (const name of [undefined, "dunning_letter", "ORDER_REVIEW"]) {
      const params = { name: "order_review" };
      const { status, json } = await modernNamed(t, keys.admin, "prompts/get", params, name);
      expect([status, json.error?.code]).toEqual([400, -32020]);
    }
    expect(calls).toEqual(Array(3).fill("toolgate/gate:admit"));
  });
});
