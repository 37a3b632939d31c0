/** A connection never does more than its key, ends with it, and cannot be forged from half of what the server knows. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { mintAccessToken, sealToken } from "../../src/auth/token";
import { callTool, dump, issueKey, listTools, rows, rpc } from "../support/gate";
import {
  accessToken,
  approve,
  connect,
  good,
  key,
  newCode,
  newFamily,
  proofOf,
  redeem,
  refresh,
  refusalOf,
  t,
} from "./setup";

const status = async (token: string) => (await rpc(t, token, "ping")).status;
const names = async (token: string) => (await listTools(t, token)).map(({ name }) => name);

describe("a connection only narrows", () => {
  test("its tools are those that the key allows too", async () => {
    const narrow = await issueKey(t, { tools: ["orders_get", "orders_list"] });
    const one = await connect({ tools: ["orders_get", "stock_adjust"] }, narrow.key);
    expect(await names(one.access)).toEqual(["orders_get"]);
    await t.mutation(internal.toolgate.admin.updateKey, {
      keyId: narrow.keyId,
      tools: ["orders_list"],
    });
    expect(await names(one.access)).toEqual([]);
  });

  test("read only hides what writes, and refuses it as it refuses a tool that does not exist", async () => {
    const one = await connect({ access: "read" });
    expect(await names(one.access)).toContain("orders_get");
    expect(await names(one.access)).not.toContain("orders_confirm");
    const answer = async (name: string) =>
      (await rpc(t, one.access, "tools/call", { name, arguments: {} })).text.replaceAll(name, "X");
    for (const name of ["orders_confirm", "stock_adjust", "periods_close"])
      expect(await answer(name)).toBe(await answer("nonesuch"));
    await callTool(t, one.access, "customers_search", {});
  });

  test("of a read-only key it is read only, whatever the person chose", async () => {
    const reader = await issueKey(t, { readOnly: true });
    const one = await connect({ access: "all" }, reader.key);
    const [row] = (await rows(t, "toolgateGrants")).filter(
      ({ grantId }) => grantId === one.grantId,
    );
    expect(row?.access).toBe("read");
    expect(await names(one.access)).not.toContain("orders_confirm");
    const update = (readOnly: boolean) =>
      t.mutation(internal.toolgate.admin.updateKey, { keyId: reader.keyId, readOnly });
    // What was given as read only stays so.
    await update(false);
    expect(await names(one.access)).not.toContain("orders_confirm");
    const two = await connect({ access: "all" }, reader.key);
    expect(await names(two.access)).toContain("orders_confirm");
    // And one that might write cannot once its key may not; its next token says so.
    await update(true);
    expect(await names(two.access)).not.toContain("orders_confirm");
    expect(good(await refresh(two, 0)).access).toBe("read");
  });
});

describe("after the end of", () => {
  const { admin } = internal.toolgate;
  const ends: [string, (grantId: string) => Promise<unknown>][] = [
    ["the connection", (grantId) => t.mutation(admin.revokeConnection, { grantId })],
    ["the key", () => t.mutation(admin.revokeKey, { keyId: key.keyId })],
  ];

  test.each(ends)("%s: none of 100 calls succeeds, and no refresh", async (_what, end) => {
    const one = await connect();
    expect(await status(one.access)).toBe(200);
    await end(one.grantId);
    const statuses = new Set<number>();
    for (let n = 0; n < 100; n++) statuses.add(await status(one.access));
    expect([...statuses]).toEqual([401]);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
  });

  test("the tenant or the role: no refresh, and no tool", async () => {
    const one = await connect();
    const search = { name: "customers_search", arguments: {} };
    const fails = async (token: string) => {
      const { result } = (await rpc(t, token, "tools/call", search)).json;
      return result === undefined || result.isError === true;
    };
    expect(await fails(one.access)).toBe(false);
    await t.run(async (ctx) => {
      for (const { _id, name } of await ctx.db.query("toolgateRoles").collect())
        if (name === "admin") await ctx.db.delete("toolgateRoles", _id);
    });
    expect([await names(one.access), await fails(one.access)]).toEqual([[], true]);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
    const other = await issueKey(t, { role: "viewer", tenant: "globex" });
    const two = await connect({}, other.key);
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("tenants").collect())
        await ctx.db.delete("tenants", _id);
    });
    expect(await fails(two.access)).toBe(true);
    expect(refusalOf(await refresh(two, 0))).toBe("invalid_grant");
  });
});

describe("half of what the server knows forges nothing", () => {
  test("a copy of the database, with another pepper", async () => {
    const one = await connect();
    const stolen = [{ id: "test", secret: "x".repeat(32) }];
    const forged = await mintAccessToken(stolen, one);
    expect(await status(one.access)).toBe(200);
    expect(await status(forged)).toBe(401);
    const [{ hash = "" } = {}] = await rows(t, "toolgateGrants");
    expect(await status(await accessToken(one.grantId, hash.replaceAll(/\W/g, "")))).toBe(401);
  });

  test("the pepper, with the ids but no secret", async () => {
    const one = await connect();
    const { secret } = await newFamily();
    expect(await status(await accessToken(one.grantId, secret))).toBe(401);
    expect(refusalOf(await refresh({ ...one, secret }, 0))).toBe("invalid_grant");
    const code = await newCode();
    const forged = { ...code, hashes: [{ pepperId: "test", hash: secret }] };
    expect(refusalOf(await redeem(forged, (await newFamily()).family))).toBe("invalid_grant");
    const proof = { credential: { keyId: key.keyId, hashes: [] } };
    expect(refusalOf(await approve({ proof }))).toBe("invalid_key");
    await expect(approve({ proof: { keyId: key.keyId } as never })).rejects.toThrow();
    expect(await status(one.access)).toBe(200);
  });
});

test("the audit row of a call names the key and the connection", async () => {
  const one = await connect();
  await callTool(t, one.access, "customers_search", {});
  const row = (await rows(t, "toolgateAudit")).find(({ tool }) => tool === "customers_search");
  expect(row).toMatchObject({ keyId: key.keyId, grantId: one.grantId, subject: key.subject });
});

describe("the tools to choose from", () => {
  const offered = async (secret: string) =>
    t.mutation(internal.toolgate.connect.prove, (await proofOf(secret)) as never);

  test("are those of role and key, with what each does", async () => {
    const viewer = await issueKey(t, { role: "viewer" });
    const all = good(await offered(viewer.key));
    expect(all.tools.map(({ name }) => name).sort()).toEqual((await names(viewer.key)).sort());
    expect(all.tools.every(({ writes }) => !writes)).toBe(true);
    const narrow = await issueKey(t, { tools: ["orders_get", "orders_confirm"] });
    const few = good(await offered(narrow.key));
    expect(few.tools.map(({ name, writes }) => [name, writes]).sort()).toEqual([
      ["orders_confirm", true],
      ["orders_get", false],
    ]);
  });

  test("are told to nobody whose key does not work, and the audit log has why", async () => {
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId: key.keyId });
    expect(refusalOf(await offered(key.key))).toBe("invalid_key");
    const denied = (await rows(t, "toolgateAudit")).filter(({ outcome }) => outcome === "denied");
    expect(denied.map(({ method, reason, keyId }) => [method, reason, keyId])).toEqual([
      ["oauth/approve", "key_revoked", key.keyId],
    ]);
  });
});

test("no key, code or secret of a token is in any row", async () => {
  const code = await newCode();
  const { secret, family } = await newFamily();
  await redeem(code, family);
  const one = { grantId: code.grantId, secret };
  await refresh(one, 0);
  await refresh(one, 5);
  const token = await accessToken(one.grantId, secret);
  await status(token);
  const text = JSON.stringify(await dump(t));
  const codeSecret = code.code.split(".")[0]?.split("_").at(-1) ?? "";
  const keySecret = key.key.slice(-49);
  const peppers = [{ id: "test", secret: "pepper-".repeat(6) }];
  const rt = await sealToken(peppers, "rt", [one.grantId, secret, 1]);
  for (const canary of [key.key, keySecret, code.code, codeSecret, secret, token, rt]) {
    expect(canary.length).toBeGreaterThan(40);
    expect(text).not.toContain(canary);
  }
});
