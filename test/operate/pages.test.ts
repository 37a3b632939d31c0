/** What a page for operators asks beside the lists: of the app, of roles, of what a key sees, and of what would end with it. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { app } from "../../convex/toolgate/tools";
import { roleMatrix } from "../../src/operate/roleMatrix";
import { seenTools } from "../../src/operate/seenTools";
import { whatEnds } from "../../src/operate/whatEnds";
import { issueKey, listTools, roles, rpc, SITE_URL } from "../support/gate";
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

describe("whatEnds", () => {
  const ends = (of: { keyId?: string; grantId?: string; chain?: boolean }) =>
    t.query(admin.whatEnds, of);
  const insertJobs = (all: Parameters<typeof jobRow>[0][]) =>
    t.run(async (ctx) => {
      for (const one of all) await ctx.db.insert("toolgateJobs", jobRow(one));
    });
  const insertStreams = (all: Partial<Doc<"toolgateStreamLeases">>[]) =>
    t.run(async (ctx) => {
      for (const one of all)
        await ctx.db.insert("toolgateStreamLeases", {
          ...{ keyId: "k", tenant: "acme", listens: false, endsAt: 1e15, expiresAt: 1e15 },
          ...one,
        });
    });

  test("of a key: its own streams, jobs and waiting calls, and when it was last used", async () => {
    const { key, keyId, subject } = await issueKey(t, { subject: "agent" });
    const other = await issueKey(t, { subject: "agent" });
    expect(await ends({ keyId })).toEqual({ streams: 0, jobs: 0, approvals: 0, connections: 0 });
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    await rpc(t, key, "ping");
    const states = [
      "queued",
      "working",
      "input_required",
      "succeeded",
      "awaiting_approval",
    ] as const;
    for (const id of [keyId, other.keyId])
      await insertJobs(states.map((state) => ({ state, keyId: id, subject })));
    await insertStreams([{ keyId }, { keyId, expiresAt: 5 }, { keyId: other.keyId }]);
    expect(await ends({ keyId })).toEqual({
      ...{ streams: 1, jobs: 3, approvals: 1, connections: 0 },
      lastUsedAt: new Date(1_800_000_000_000).toISOString(),
    });
  });

  test("of a connection: what came by it; of its key after a rotation: that too", async () => {
    const { keyId, subject } = await issueKey(t);
    const grant = { grantId: "g", keyId, tenant: "acme", subject, access: "all" as const };
    const client = { id: "c", name: "Claude", verified: false };
    const times = { createdAt: 0, expiresAt: 1e15, forgetAt: 1e15, generation: 1 };
    await t.run((ctx) => ctx.db.insert("toolgateGrants", { ...grant, ...times, client }));
    await insertJobs([
      { keyId, subject, grantId: "g" },
      { keyId, subject },
    ]);
    await insertStreams([{ keyId, grantId: "g" }, { keyId }]);
    const counted = { streams: 1, jobs: 1, approvals: 0, connections: 0 };
    expect(await ends({ grantId: "g" })).toEqual(counted);
    expect(await ends({ keyId })).toEqual({ ...counted, streams: 2, jobs: 2, connections: 1 });
    const next = await rotate(keyId);
    expect(await ends({ keyId: next.keyId })).toEqual({ ...counted, connections: 1 });
  });

  test("of a key that took over from others: the calls that wait under these, and none of their jobs", async () => {
    const { keyId, subject } = await issueKey(t);
    await insertJobs([
      { keyId, subject, state: "awaiting_approval" },
      { keyId, subject },
    ]);
    const next = await rotate((await rotate(keyId)).keyId);
    const ended = { streams: 0, jobs: 0, approvals: 1, connections: 0 };
    expect(await ends({ keyId: next.keyId })).toEqual(ended);
    expect(await ends({ keyId })).toEqual({ ...ended, jobs: 1 });
  });

  test("of a chain of rotations: what ends with all keys of it that work, whichever is named", async () => {
    const { keyId, subject } = await issueKey(t);
    const held = { subject, state: "awaiting_approval" as const };
    const old = await rotate(keyId);
    const next = await rotate(old.keyId, { graceMinutes: 60 });
    const all = [keyId, old.keyId, next.keyId];
    await insertJobs(
      all.flatMap((id) => [
        { ...held, keyId: id },
        { subject, keyId: id },
      ]),
    );
    await insertStreams(all.map((id) => ({ keyId: id })));
    const grant = { grantId: "g", keyId: next.keyId, tenant: "acme", subject };
    await t.run((ctx) =>
      ctx.db.insert("toolgateGrants", {
        ...{ ...grant, access: "all", client: { id: "c", name: "Claude", verified: false } },
        ...{ createdAt: 0, expiresAt: 1e15, forgetAt: 1e15, generation: 1 },
      }),
    );
    await rpc(t, next.key, "ping");
    const lastUsedAt = (await ends({ keyId: next.keyId })).lastUsedAt!;
    // The old key still works for an hour; the first one is over, and only what it has left running ends with it.
    const two = { streams: 2, jobs: 2, approvals: 3, connections: 1, lastUsedAt };
    for (const id of [old.keyId, next.keyId])
      expect(await ends({ keyId: id, chain: true })).toEqual(two);
    expect(await ends({ keyId, chain: true })).toEqual({ ...two, streams: 3, jobs: 3 });
    expect(await ends({ keyId: old.keyId })).toEqual({
      ...{ streams: 1, jobs: 1, approvals: 2, connections: 0 },
    });
    // What was counted is what ends.
    const revoked = await revoke(old.keyId, undefined, { chain: true });
    expect(revoked).toMatchObject({ alsoRevoked: [next.keyId], connectionsEnded: 1 });
  });

  test.each([[{}], [{ keyId: "a", grantId: "b" }], [{ grantId: "a", chain: true }]])(
    "refuses %j",
    async (of) => {
      expect(await refusal(ends(of))).toMatchObject({ code: "invalid_arguments" });
    },
  );

  test("refuses a key and a connection that there are not", async () => {
    for (const of of [{ keyId: "nonesuch" }, { grantId: "nonesuch" }])
      expect(await refusal(ends(of))).toMatchObject({ code: "not_found" });
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
