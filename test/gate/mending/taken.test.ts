/** Arguments that a model got wrong and that are taken all the same, and what that costs. */
import { describe, expect, test } from "vitest";
import { callTool, rows, rpc } from "../../support/gate";
import { call, calls, key, lastAudit, runs, t } from "./app";

describe("what is taken", () => {
  test("null and texts, by a query", async () => {
    const sent = {
      ...{
        text: null,
        limit: "5",
        tags: '["a"]',
        tenant: "",
        filter: '{"kind":"price","min":"1"}',
      },
      labels: { a: "1" },
    };
    expect(await call("read", sent)).toEqual({
      ...{ limit: 5, tags: ["a"], filter: { kind: "price", min: 1 }, labels: { a: 1 } },
    });
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
    expect(JSON.parse((await lastAudit()).arguments!)).toEqual(sent);
  });

  test("by a mutation, once and with one effect", async () => {
    expect(await call("write", { slug: "b", amount: "3", dry: "" })).toEqual({ amount: 3 });
    expect((await rows(t, "tenants")).map(({ slug }) => slug)).toEqual(["acme", "b"]);
    expect(await lastAudit()).toMatchObject({ outcome: "succeeded", tool: "write" });
  });

  test.each(["zod", "mini"])("by %s", async (name) => {
    expect(await call(name, { amount: "3" })).toEqual({ amount: 3 });
  });

  test("a range still counts", async () => {
    expect(await call("zod", { amount: "0", note: "" })).toMatch(/^invalid_arguments: amount: /);
  });

  test("by a job, which begins once", async () => {
    for (const name of ["act", "checked"])
      expect(await call(name, { amount: "3" })).toEqual({ amount: 3 });
    expect(runs).toEqual({ act: 2, check: 1 });
  });

  test("an identical retry replays, and a corrected one is another call", async () => {
    const sent = { slug: "b", amount: "3", idempotencyKey: "retry-0001" };
    const first = await callTool(t, key, "write", sent);
    const second = await callTool(t, key, "write", sent);
    expect(second.structuredContent).toEqual(first.structuredContent);
    expect(JSON.stringify(second)).toContain("toolgate/replayed");
    expect(await call("write", { ...sent, amount: 3 })).toMatch(/^idempotency_mismatch/);
    expect(await rows(t, "tenants")).toHaveLength(2);
  });

  test("an empty idempotency key is none", async () => {
    for (const idempotencyKey of ["", null])
      expect(await call("zod", { amount: 3, idempotencyKey })).toEqual({ amount: 3 });
  });

  test.each(["tools/list", "prompts/list", "resources/list", "resources/templates/list"])(
    "%s without a cursor, however that is said",
    async (method) => {
      const plain = (await rpc(t, key, method)).json.result;
      for (const cursor of [null, ""])
        expect((await rpc(t, key, method, { cursor })).json.result).toEqual(plain);
    },
  );
});
