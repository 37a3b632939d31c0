/** A call that is not carried out has an operation too, and an operator finds its rows by that. */
import { describe, expect, test } from "vitest";
import { internal } from "../../../../convex/_generated/api";
import { callTool, issueKey, rpc, type Reply } from "../../../support/gate";
import { added, call, issued, key, t } from "../setup";
import { metaOf, OPERATION, UUID } from "./named";

describe("a call that is not carried out", () => {
  test.each<[string, string, object, string]>([
    ["bad arguments", "customers_create", {}, "invalid_arguments"],
    ["an id that is not there", "customers_get", { customerId: "x" }, "not_found"],
    ["the key's constraint", "orders_list", { limit: 6 }, "not_allowed"],
    ["a question that nobody can answer", "orders_cancel", { orderId: "x", reason: "y" }, ""],
  ])("has a result that names it: %s", async (_what, name, args, code) => {
    const bound = await issueKey(t, { constraints: { orders_list: { limit: { max: 5 } } } });
    let reply!: Reply;
    const [row] = await added(async () => (reply = await call(name, args, bound.key)));
    expect(reply.json.result).toMatchObject({
      isError: true,
      _meta: { [OPERATION]: row!.operation },
    });
    expect(reply.text).toContain(code);
  });

  test.each<[string, () => Promise<Reply>]>([
    ["an unknown tool", () => call("nonesuch")],
    ["an unknown method", () => rpc(t, key, "nonesuch")],
    ["a revoked key", () => rpc(t, key, "ping")],
  ])("has a row that names it: %s", async (what, work) => {
    if (what === "a revoked key") {
      await t.mutation(internal.toolgate.admin.revokeKey, { keyId: issued.keyId });
    }
    const [row] = await added(work);
    expect(row!.operation).toMatch(UUID);
  });
});

describe("the list for operators", () => {
  const list = (args: object) => t.query(internal.toolgate.admin.listAudit, args);

  test("shows the rows of one operation, the newest first", async () => {
    const lines = '{"name":"Eve","email":"eve@example.com"}';
    const operation = metaOf(await call("customers_import", { lines }))[OPERATION] as string;
    await callTool(t, key, "customers_search");
    const { entries } = await list({ operation });
    expect(entries.map((entry) => [entry.operation, entry.method, entry.outcome])).toEqual([
      [operation, "job/end", "succeeded"],
      [operation, "tools/call", "started"],
    ]);
    expect((await list({ operation: "nonesuch" })).entries).toEqual([]);
  });

  test("takes a second filter beside it", async () => {
    const operation = metaOf(await call("customers_search"))[OPERATION] as string;
    const found = async (tenant: string) => (await list({ operation, tenant })).entries.length;
    expect([await found("acme"), await found("globex")]).toEqual([1, 0]);
  });
});
