/** What operators see of connections, and how they end them. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows, rpc } from "../support/gate";
import {
  after,
  approve,
  ask,
  claude,
  connect,
  DAY,
  good,
  key,
  MINUTE,
  newCode,
  newDeviceId,
  refresh,
  refusalOf,
  t,
} from "../grants/setup";

const { admin } = internal.toolgate;
const list = async (args: { tenant?: string; keyId?: string } = {}) =>
  (await t.query(admin.listConnections, args)).connections;
const status = async (token: string) => (await rpc(t, token, "ping")).status;
const cursor = {
  ...claude,
  name: "Cursor",
  host: "www.cursor.com",
  id: "a".repeat(64),
  verified: false,
};

describe("list", () => {
  test("shows what a connection may do, and no hash", async () => {
    const { grantId } = await connect({ access: "read", tools: ["orders_get"] });
    expect(await list()).toEqual([
      {
        ...{ grantId, keyId: key.keyId, tenant: "acme", subject: key.subject },
        ...{ client: "Claude (claude.ai)", verified: true, access: "read" },
        ...{ tools: ["orders_get"], status: "active" },
        ...{ createdAt: expect.any(String), expiresAt: expect.any(String) },
        lastUsedAt: expect.any(String),
      },
    ]);
  });

  test("of one tenant, of one key, of all", async () => {
    const other = await issueKey(t, { tenant: "globex" });
    const [one, two] = [await connect(), await connect({}, other.key)];
    expect((await list()).map(({ grantId }) => grantId)).toEqual([two.grantId, one.grantId]);
    expect(await list({ tenant: "globex" })).toMatchObject([{ grantId: two.grantId }]);
    expect(await list({ keyId: key.keyId })).toMatchObject([{ grantId: one.grantId }]);
    await expect(list({ tenant: "acme", keyId: key.keyId })).rejects.toThrow("at most one");
  });

  test("tells pending, active, expired and revoked apart", async () => {
    const ended = await connect();
    await t.mutation(admin.revokeConnection, { grantId: ended.grantId });
    await connect();
    await approve();
    const states = async () => (await list()).map((one) => one.status);
    expect(await states()).toEqual(["pending", "active", "revoked"]);
    after(30 * DAY);
    expect(await states()).toEqual(["expired", "expired", "revoked"]);
  });
});

describe("revoke", () => {
  test("ends one connection at once and for good; others go on", async () => {
    const [one, two] = [await connect(), await connect()];
    expect(
      await t.mutation(admin.revokeConnection, { grantId: one.grantId, reason: "lost" }),
    ).toMatchObject({ status: "revoked", revokedReason: "lost" });
    expect(await status(one.access)).toBe(401);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
    expect(await status(two.access)).toBe(200);
    await t.mutation(admin.revokeConnection, { grantId: one.grantId, reason: "again" });
    expect(await list()).toMatchObject([{}, { revokedReason: "lost" }]);
    const changes = (await rows(t, "toolgateAudit")).filter(
      ({ method }) => method === "connections/revoke",
    );
    expect(changes).toMatchObject([{ grantId: one.grantId, keyId: key.keyId, tenant: "acme" }]);
  });

  test("refuses a connection that does not exist", async () => {
    await expect(t.mutation(admin.revokeConnection, { grantId: "x" })).rejects.toThrow("not_found");
  });

  test.each(["claude.ai", "CLAUDE.AI", "Claude", claude.id])(
    "ends all of a client: %s",
    async (client) => {
      const [one, two] = [await connect(), await connect()];
      await approve({ request: await ask(cursor) });
      const { revoked, nextCursor } = await t.mutation(admin.revokeConnections, { client });
      expect(revoked.map(({ grantId }) => grantId).sort()).toEqual(
        [one.grantId, two.grantId].sort(),
      );
      expect(nextCursor).toBeNull();
      expect([await status(one.access), await status(two.access)]).toEqual([401, 401]);
      expect((await list()).map((each) => each.status)).toEqual(["pending", "revoked", "revoked"]);
    },
  );

  test.each(["laude.ai", "ai", "", "evil.claude.ai"])("ends none of %j", async (client) => {
    await connect();
    expect(await t.mutation(admin.revokeConnections, { client })).toMatchObject({ revoked: [] });
  });
});

describe("a key", () => {
  test("that is revoked ends its connections and says how many", async () => {
    const [one] = [await connect(), await newCode()];
    expect(await t.mutation(admin.revokeKey, { keyId: key.keyId })).toMatchObject({
      connectionsEnded: 2,
    });
    expect(await list()).toMatchObject([
      { status: "revoked", revokedReason: "key_revoked" },
      { status: "revoked", revokedReason: "key_revoked" },
    ]);
    expect(await status(one.access)).toBe(401);
    expect(await t.mutation(admin.revokeKey, { keyId: key.keyId })).toMatchObject({
      connectionsEnded: 0,
    });
  });

  test("that is rotated hands them on, also without a grace", async () => {
    const one = await connect();
    const next = await t.action(admin.rotateKey, { keyId: key.keyId });
    expect(await status(key.key)).toBe(401);
    expect(await status(one.access)).toBe(200);
    expect(good(await refresh(one, 0))).toMatchObject({ generation: 1 });
    expect(await list({ keyId: next.keyId })).toMatchObject([{ grantId: one.grantId }]);
    expect(await t.mutation(admin.revokeKey, { keyId: next.keyId })).toMatchObject({
      connectionsEnded: 1,
    });
    expect(await status(one.access)).toBe(401);
  });

  test("that still works for a grace gives a connection that ends with the grace", async () => {
    await t.action(admin.rotateKey, { keyId: key.keyId, graceMinutes: 5 });
    const one = await connect();
    expect(await status(one.access)).toBe(200);
    after(5 * MINUTE);
    expect(await status(one.access)).toBe(401);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
  });
});

describe("the sweep", () => {
  const sweep = () => t.mutation(internal.toolgate.jobs.sweep, {});

  test("deletes connections that nobody redeemed after 10 minutes, dead ones after 90 days", async () => {
    await approve();
    const { grantId } = await connect();
    await t.mutation(admin.revokeConnection, { grantId });
    after(9 * MINUTE);
    expect(await sweep()).toMatchObject({ connections: 0 });
    after(MINUTE);
    expect(await sweep()).toMatchObject({ connections: 1 });
    expect(await list()).toMatchObject([{ grantId }]);
    after(90 * DAY);
    expect(await sweep()).toMatchObject({ connections: 1 });
    expect(await list()).toEqual([]);
  });

  test("keeps one that lives, and one that expired for 90 days more", async () => {
    await connect();
    after(119 * DAY);
    expect(await sweep()).toMatchObject({ connections: 0 });
    after(2 * DAY);
    expect(await sweep()).toMatchObject({ connections: 1 });
  });

  test("deletes device codes when they expire, and documents after 30 days", async () => {
    const connections = internal.toolgate.connect;
    await t.mutation(connections.startDevice, {
      ...{ deviceId: await newDeviceId(), userCodeHash: "h", access: "all" },
      client: { id: "x", name: "CLI", verified: false },
    });
    await t.mutation(connections.keepDocument, { url: "https://a.example/c", freshForMs: 1 });
    after(10 * MINUTE + 1);
    expect(await sweep()).toMatchObject({ devices: 1, documents: 0 });
    after(30 * DAY);
    expect(await sweep()).toMatchObject({ devices: 0, documents: 1 });
  });
});
