/** What a key fixes must fit its tools: the operator is told so, and not the client. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey, rows, rpc, type ToolResult } from "../../support/gate";
import { ACME, call, companies, fixed, key, keyId, t, text, update } from "./app";

/** What an operator cannot write, but a later deploy can make of it. */
const force = async (value: unknown): Promise<void> => {
  await t.run(async ({ db }) => {
    const row = (await db.query("toolgateKeys").collect()).find((one) => one.keyId === keyId)!;
    await db.patch("toolgateKeys", row._id, { fixed: value as never });
  });
};

describe("a fixed argument that the tool does not take is the operator's fault", () => {
  const SAYS = /^misconfigured_key: The operator of this server .* tell the operator\.$/;

  test.each<[string, unknown]>([
    ["list", { list: { company: 417 } }],
    ["add", { add: { company: 417 } }],
    ["mail", { mail: { company: 417 } }],
    ["list", { list: { company: "acme", gone: 417 } }],
    ["even", { even: { count: 417 } }],
  ])("%s %j", async (name, wrong) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await force(wrong);
    const before = await companies();
    const { status, json } = await rpc(t, key, "tools/call", {
      ...{ name, arguments: name === "even" ? { other: 2 } : { text: "x" } },
    });
    const told = text(json.result as unknown as ToolResult);
    expect([status, json.result?.isError]).toEqual([200, true]);
    expect(told).toMatch(SAYS);
    expect(told).not.toMatch(/417|company|gone|count/);
    expect(await companies()).toEqual(before);
    expect(warn.mock.calls.join()).toMatch(/company|count/);
    expect(warn.mock.calls.join()).not.toContain("417");
    warn.mockRestore();
  });

  test("and what the client did wrong is still the client's", async () => {
    await update({ fixed: { even: { count: 2 } } });
    expect(text(await call("even", { other: 3 }))).toBe(
      "invalid_arguments: other: must be even too",
    );
  });
});

describe("an operator who fixes what cannot be is told so", () => {
  test.each<[string, object]>([
    ["fixed: there is no tool", { nonesuch: { a: 1 } }],
    ["fixed: there is no tool", { toString: { a: 1 } }],
    ["fixed: list.nonesuch: no such argument", { list: { nonesuch: 1 } }],
    ["fixed: list.company: expected string", { list: { company: 5 } }],
    ["fixed: list.principal: no such argument", { list: { principal: { tenant: "x" } } }],
    ["fixed: ask.input: no such argument", { ask: { input: {} } }],
    ["fixed: add.idempotencyKey is for the client", { add: { idempotencyKey: "12345678" } }],
    [
      "fixed: echo.principal: no such",
      { echo: { principal: { subject: "", role: "", keyId: "" } } },
    ],
    ["fixed: expected values that JSON can hold", { echo: { a: 1n } }],
    ["fixed: expected values that JSON can hold", { echo: { a: [NaN] } }],
    ["fixed: expected values that JSON can hold", { echo: { a: new ArrayBuffer(1) } }],
    ["fixed: expected at most 8192", { echo: { a: "x".repeat(9000) } }],
  ])("%s", async (message, wrong) => {
    const before = (await rows(t, "toolgateKeys")).length;
    await expect(issueKey(t, { fixed: wrong as never })).rejects.toThrow(message);
    await expect(update({ fixed: wrong })).rejects.toThrow(message);
    expect((await rows(t, "toolgateKeys")).length).toBe(before);
    expect((await call("list", { text: "x" })).structuredContent).toMatchObject(ACME);
  });

  test("and rotation keeps it", async () => {
    const old = await issueKey(t, { fixed });
    const next = await t.action(internal.toolgate.admin.rotateKey, { keyId: old.keyId });
    expect(next.fixed).toEqual(fixed);
    expect((await call("list", { text: "x" }, next.key)).structuredContent).toMatchObject(ACME);
  });
});
