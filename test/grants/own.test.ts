/** Connections that the app's own signed-in user approves, on the app's own page. */
import type { FunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { app } from "../../convex/toolgate/tools";
import {
  approveConnection,
  createUserKey,
  denyConnection,
  describeConnection,
  listConnections,
  revokeConnection,
  type Approval,
} from "../../src/entry/connections";
import { rows, rpc } from "../support/gate";
import {
  after,
  approve,
  ask,
  connect,
  MINUTE,
  redirectUri,
  refresh,
  refusalOf,
  t,
  tokensOf,
} from "./setup";

const ada = { subject: "user-ada", tenant: "acme", role: "sales" };

const allow = async (more: Partial<Approval> = {}) => {
  const request = more.request ?? (await ask());
  return t.run((ctx) => approveConnection(ctx, app, { ...ada, ...more, request }));
};
const status = async (token: string) => (await rpc(t, token, "ping")).status;
const own = (who: { subject: string; tenant?: string } = ada) =>
  t.run((ctx) => listConnections(ctx, { tenant: "acme", ...who }));
const end = (grantId: string, who = ada) =>
  t.run((ctx) => revokeConnection(ctx, { subject: who.subject, tenant: who.tenant, grantId }));
const users = async () =>
  (await rows(t, "toolgateKeys")).filter(({ subject }) => subject.startsWith("user-"));

describe("the request, for the app's page", () => {
  test("tells host, name, whether the client is verified, and what it asks for", async () => {
    expect(await describeConnection({ request: await ask() })).toEqual({
      ...{ host: "claude.ai", name: "Claude", verified: true, access: "all" },
      expiresAt: expect.any(Number),
    });
  });

  test("is unknown if it was tampered with or is too old", async () => {
    const request = await ask();
    expect(await describeConnection({ request: `${request}x` })).toBeUndefined();
    after(10 * MINUTE);
    expect(await describeConnection({ request })).toBeUndefined();
    await expect(allow({ request })).rejects.toThrow("expired");
    await expect(denyConnection({ request })).rejects.toThrow("expired");
  });

  test("denied: the client hears so, and nothing is stored", async () => {
    const { redirectTo } = await denyConnection({ request: await ask() });
    const url = new URL(redirectTo);
    expect(url.origin + url.pathname).toBe(redirectUri);
    expect(url.searchParams.get("error")).toBe("access_denied");
    expect(await rows(t, "toolgateGrants")).toEqual([]);
  });
});

describe("approved", () => {
  test("the connection works as the user, with the rights of the role", async () => {
    const tokens = await tokensOf((await allow()).redirectTo);
    const { json } = await rpc(t, tokens.access, "tools/list");
    const names = (json.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
    expect(names).toContain("orders_confirm");
    expect(names).not.toContain("stock_adjust");
    expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
      ...{ subject: "user-ada", tenant: "acme", role: "sales", grantId: tokens.grantId },
    });
  });

  test("again: the same parent, with the role that the user has now", async () => {
    const first = await tokensOf((await allow()).redirectTo);
    await allow({ role: "viewer" });
    expect(await users()).toMatchObject([{ role: "viewer" }]);
    const { json } = await rpc(t, first.access, "tools/list");
    expect(JSON.stringify(json)).not.toContain("orders_confirm");
  });

  test("by another user or for another tenant: another parent", async () => {
    await allow();
    await allow({ subject: "user-bob" });
    await allow({ tenant: "globex" });
    expect(new Set((await users()).map(({ keyId }) => keyId)).size).toBe(3);
  });

  test("with many keys: the same parent, or a new one once a hundred are newer", async () => {
    await allow();
    const addKeys = (count: number, revokedAt?: number) =>
      t.run(async (ctx) => {
        const { _id, _creationTime, ...parent } = (await ctx.db
          .query("toolgateKeys")
          .withIndex("by_tenant_subject", (q) => q.eq("tenant", "acme").eq("subject", ada.subject))
          .first())!;
        for (let at = 0; at < count; at++) {
          const keyId = `more-${String(revokedAt)}-${String(at)}`;
          await ctx.db.insert("toolgateKeys", {
            ...{ ...parent, keyId, hash: keyId },
            ...(revokedAt !== undefined && { revokedAt }),
          });
        }
      });
    const parents = async () => (await users()).filter(({ hash }) => hash === undefined).length;
    await addKeys(300, 1);
    await addKeys(99);
    await allow();
    expect(await parents()).toBe(1);
    await addKeys(1);
    await allow();
    await allow();
    expect(await parents()).toBe(2);
  });

  test("twice: the same answer; after that by another user: refused", async () => {
    const request = await ask();
    const first = await allow({ request });
    expect(await allow({ request })).toEqual(first);
    await expect(allow({ request, subject: "user-eve" })).rejects.toThrow("used");
    expect(await users()).toHaveLength(1);
  });

  test("the parent has no secret: nothing proves it, and it cannot be rotated", async () => {
    await allow();
    const [parent] = await users();
    const keyId = parent?.keyId ?? "";
    for (const hashes of [[], [{ pepperId: "test", hash: "" }]])
      expect(refusalOf(await approve({ proof: { credential: { keyId, hashes } } }))).toBe(
        "invalid_key",
      );
    await expect(t.action(internal.toolgate.admin.rotateKey, { keyId })).rejects.toThrow(
      "no secret",
    );
  });

  test("after an operator revokes the parent the connection ends, and a new approval has a new parent", async () => {
    const tokens = await tokensOf((await allow()).redirectTo);
    const request = await ask();
    await allow({ request });
    const [parent] = await users();
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId: parent?.keyId ?? "" });
    await expect(allow({ request })).rejects.toThrow("no longer valid");
    expect(await status(tokens.access)).toBe(401);
    expect(refusalOf(await refresh(tokens, 0))).toBe("invalid_grant");
    expect(await status((await tokensOf((await allow()).redirectTo)).access)).toBe(200);
    expect(await users()).toHaveLength(2);
  });

  test("with arguments of its own: they are filled in, beside those of the key, which stay", async () => {
    const tokens = await tokensOf(
      (await allow({ fixed: { orders_list: { limit: 1 } } })).redirectTo,
    );
    const ordersList = async () => {
      const { json } = await rpc(t, tokens.access, "tools/list");
      const all = (json.result as { tools: { name: string; inputSchema: object }[] }).tools;
      return all.find(({ name }) => name === "orders_list")?.inputSchema as {
        properties: Record<string, object>;
      };
    };
    expect(Object.keys((await ordersList()).properties)).toEqual([
      "status",
      "customerId",
      "cursor",
    ]);
    expect(await own()).toMatchObject([{ fixed: { orders_list: { limit: 1 } } }]);
    const [parent] = await users();
    const keyId = parent?.keyId ?? "";
    const fixed = { orders_list: { status: "draft", limit: 2 } };
    await t.mutation(internal.toolgate.admin.updateKey, { keyId, fixed });
    expect(Object.keys((await ordersList()).properties)).toEqual(["customerId", "cursor"]);
    const params = { name: "orders_list", arguments: {} };
    expect((await rpc(t, tokens.access, "tools/call", params)).json.result).not.toHaveProperty(
      "isError",
    );
    const row = (await rows(t, "toolgateAudit")).at(-1);
    expect(JSON.parse(row?.arguments ?? "")).toEqual({ status: "draft", limit: 2 });
    await expect(allow({ fixed: { orders_list: { status: "confirmed" } } })).rejects.toThrow(
      "fixes orders_list.status already",
    );
    await expect(allow({ fixed: { orders_list: { nonesuch: 1 } } })).rejects.toThrow("nonesuch");
  });

  test.each([
    ["role", { role: "nonesuch" }],
    ["tenant", { tenant: "nonesuch" }],
    ["tools", { tools: ["nonesuch"] }],
    ["subject", { subject: "" }],
  ])("with a wrong %s: refused, and nothing is written", async (field, wrong) => {
    await expect(allow(wrong)).rejects.toThrow(field);
    expect(await users()).toEqual([]);
  });
});

describe("the user's settings page", () => {
  test("lists the user's live connections only", async () => {
    const mine = await tokensOf((await allow({ access: "read" })).redirectTo);
    await tokensOf((await allow({ subject: "user-bob" })).redirectTo);
    await connect();
    expect(await own()).toMatchObject([
      { grantId: mine.grantId, client: "Claude (claude.ai)", access: "read", status: "active" },
    ]);
    expect(await own({ subject: "user-ada", tenant: "globex" })).toEqual([]);
    await end(mine.grantId);
    expect(await own()).toEqual([]);
    expect(await status(mine.access)).toBe(401);
  });

  test("ends no connection of another user, another tenant, or a key", async () => {
    const bobs = await tokensOf((await allow({ subject: "user-bob" })).redirectTo);
    const keys = await connect();
    const mine = await tokensOf((await allow()).redirectTo);
    const elsewhere = { ...ada, tenant: "globex" };
    await expect(end(bobs.grantId)).rejects.toThrow("not_found");
    await expect(end(keys.grantId)).rejects.toThrow("not_found");
    await expect(end("nonesuch")).rejects.toThrow("not_found");
    await expect(end(mine.grantId, elsewhere)).rejects.toThrow("not_found");
    for (const { access } of [bobs, keys, mine]) expect(await status(access)).toBe(200);
  });

  test("is not made for somebody whom the app does not know", async () => {
    const exists = () => internal.erp.tenants.exists as never;
    const strict = { ...app, subjects: { exists } };
    const request = await ask();
    // Its arguments differ, so it throws: whoever cannot be asked about is not let in either.
    await expect(
      t.run((ctx) => approveConnection(ctx, strict, { ...ada, request })),
    ).rejects.toThrow();
    expect(await users()).toEqual([]);
  });

  test("makes a key for the user", async () => {
    const runMutation = (ref: FunctionReference<"mutation", "internal">, args: object) =>
      t.mutation(ref, args);
    const made = await createUserKey({ runMutation } as never, app, { ...ada, name: "My script" });
    expect(made).toMatchObject({ subject: "user-ada", tenant: "acme", role: "sales" });
    expect(await status(made.key)).toBe(200);
  });
});
