/** What a page for operators asks beside the lists: of the app, of roles, and of what a key sees. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { app } from "../../convex/toolgate/tools";
import { roleMatrix } from "../../src/operate/roleMatrix";
import { seenTools } from "../../src/operate/seenTools";
import { whatEnds } from "../../src/operate/whatEnds";
import { issueKey, listTools, roles, SITE_URL } from "../support/gate";
import { jobRow, newCounted, rowsRead } from "./jobRows";
import { after, DAY, refusal, revoke, rotate, t, times } from "./setup";

const { admin } = internal.toolgate;

describe("describeApp", () => {
  test("says what the app is called, and which roles there are", async () => {
    const described = await t.query(admin.describeApp, {});
    const { name, title, version } = app;
    expect(described).toEqual({
      ...{ name, title, version, hasTenants: true, roles, approvalHours: 24 },
      mcpUrl: `${SITE_URL}/mcp`,
    });
    await t.mutation(admin.setRole, { name: "auditor", permissions: [] });
    expect((await t.query(admin.describeApp, {})).roles).toContain("auditor");
  });
});

describe("roleMatrix", () => {
  const matrix = () => t.query(admin.roleMatrix, {});
  const keysOf = async (role: string) =>
    (await matrix()).roles.find(({ name }) => name === role)?.keys;

  test("names every permission, role and tool", async () => {
    const { permissions, roles: held, tools } = await matrix();
    expect(permissions).toEqual(app.permissions);
    expect(held).toEqual(
      Object.entries(app.roles()).map(([name, own]) => ({ name, permissions: [...own], keys: 0 })),
    );
    expect(tools.map(({ name }) => name)).toEqual(Object.keys(app.tools));
    expect(tools.find(({ name }) => name === "orders_get")).toEqual({
      ...{ name: "orders_get", title: "Get an order", permission: "orders:read", kind: "query" },
    });
  });

  test("counts the keys that work, and no others", async () => {
    const [one, two] = await times(3, () => issueKey(t, { role: "sales" }));
    await issueKey(t, { role: "sales", expiresInDays: 1 });
    await issueKey(t, { role: "viewer" });
    expect(await keysOf("sales")).toBe(4);
    await revoke(one!.keyId);
    await rotate(two!.keyId);
    expect(await keysOf("sales")).toBe(3);
    after(2 * DAY);
    expect(await keysOf("sales")).toBe(2);
    expect(await keysOf("viewer")).toBe(1);
  });
});

describe("seenTools", () => {
  const seen = async (keyId: string) => (await t.query(admin.seenTools, { keyId })).tools;

  test.each([
    [
      "a role",
      { role: "viewer" },
      "stock_adjust",
      /^The role viewer does not hold stock:adjust\.$/,
    ],
    ["its tools", { tools: ["orders_get"] }, "orders_list", "The key is for other tools."],
    ["reading only", { readOnly: true }, "stock_adjust", "The key may only read."],
  ] as [string, object, string, string | RegExp][])(
    "of a key that is narrowed by %s it names what the client's list has, and why not the others",
    async (_what, grant, hidden, why) => {
      const { key, keyId } = await issueKey(t, grant);
      const tools = await seen(keyId);
      const shown = (await listTools(t, key)).map(({ name }) => name);
      expect(
        tools
          .filter(({ allowed }) => allowed)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(shown.sort());
      expect(tools).toHaveLength(Object.keys(app.tools).length);
      for (const tool of tools) expect(tool.allowed).toBe(tool.why === undefined);
      expect(tools.find(({ name }) => name === hidden)!.why).toMatch(why);
    },
  );

  test("a key that does not work sees nothing", async () => {
    const { keyId } = await issueKey(t);
    await revoke(keyId);
    expect(new Set((await seen(keyId)).map(({ why }) => why))).toEqual(
      new Set(["The key is revoked."]),
    );
    expect(await refusal(seen("nonesuch"))).toMatchObject({ code: "not_found" });
  });

  test("tells what must be approved by key, by role, by line", async () => {
    const { keyId } = await issueKey(t, { role: "sales" });
    await t.run(async (ctx) => {
      const [key] = await ctx.db.query("toolgateKeys").collect();
      await ctx.db.patch(key!._id, { approval: ["orders_*", "stock"] });
      const role = (await ctx.db.query("toolgateRoles").collect()).find(
        (one) => one.name === "sales",
      );
      await ctx.db.patch(role!._id, { approval: ["stock_adjust"] });
    });
    const approvalOf = new Map((await seen(keyId)).map(({ name, approval }) => [name, approval]));
    expect(approvalOf.get("orders_create")).toBe("always");
    expect(approvalOf.get("stock_adjust")).toBe("always");
    expect(approvalOf.get("stock_levels") ?? approvalOf.get("products_search")).toBe("never");
    const ref = internal.erp.orders.get;
    const lines = { sure: true as const, maybe: ref as never };
    for (const [name, expected] of [
      ["sure", "always"],
      ["maybe", "depends"],
    ] as const) {
      const tools = { it: () => ({ ...app.tools.orders_get!(), approval: lines[name] }) };
      const other = await issueKey(t, { role: "viewer" });
      const { tools: shown } = await t.run((ctx) =>
        seenTools({ ...app, tools }).handler(ctx, { keyId: other.keyId }),
      );
      expect(shown).toEqual([{ name: "it", allowed: true, approval: expected }]);
    }
  });
});

test("each reads as many rows when there are many keys, calls and jobs as when there are few", async () => {
  const counted = await newCounted();
  const { keyId, subject } = await issueKey(counted, { subject: "agent" });
  const seed = (count: number) =>
    counted.run(async (ctx) => {
      const key = (await ctx.db.query("toolgateKeys").first())!;
      const { _id, _creationTime, ...row } = key;
      for (let at = 0; at < count; at++) {
        await ctx.db.insert("toolgateKeys", { ...row, keyId: `k${at}`, subject: "another" });
        await ctx.db.insert("toolgateJobs", jobRow({ keyId, subject }));
        await ctx.db.insert("toolgateAudit", {
          ...{ at, method: "ping", outcome: "answered", protocol: "p", keyId, subject },
        });
      }
    });
  const read = async () => [
    await rowsRead(counted, (ctx) => roleMatrix(app).handler(ctx)),
    await rowsRead(counted, (ctx) => seenTools(app).handler(ctx, { keyId })),
    await rowsRead(counted, (ctx) => whatEnds.handler(ctx, { keyId })),
  ];
  await seed(150);
  const few = await read();
  await seed(450);
  expect(await read()).toEqual(few);
});
