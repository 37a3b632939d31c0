/** After the end of a connection, its key, its role or its tenant none of 1,000 calls succeeds. `npm test` makes 100 of them. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { rpc } from "../support/gate";
import { connect, key, refresh, refusalOf, t } from "./setup";

const CALLS = 1000;

const remove = (table: "toolgateRoles" | "tenants") =>
  t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query(table).collect()) await ctx.db.delete(_id);
  });

const { admin } = internal.toolgate;

const ends: [string, (grantId: string) => Promise<unknown>][] = [
  ["the connection", (grantId) => t.mutation(admin.revokeConnection, { grantId })],
  ["the key", () => t.mutation(admin.revokeKey, { keyId: key.keyId })],
  ["the role", () => remove("toolgateRoles")],
  ["the tenant", () => remove("tenants")],
];

describe("after the end of", () => {
  test.each(ends)("%s", async (_what, end) => {
    const one = await connect();
    const succeeds = async () => {
      const { json } = await rpc(t, one.access, "tools/call", {
        ...{ name: "customers_search", arguments: {} },
      });
      return json.result !== undefined && json.result.isError !== true;
    };
    expect(await succeeds()).toBe(true);
    await end(one.grantId);
    let succeeded = 0;
    for (let n = 0; n < CALLS; n++) if (await succeeds()) succeeded++;
    expect(succeeded).toBe(0);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
  });
});
