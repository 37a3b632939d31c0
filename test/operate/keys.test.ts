/** Keys, roles and the audit log as operators handle them. */
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { defaultRoles, permissions } from "../../convex/permissions";
import {
  dump,
  issueKey,
  listTools,
  newBackend,
  newServer,
  post,
  rows,
  rpc,
  type Backend,
  type IssuedKey,
  type Reply,
} from "../support/gate";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PEPPER = `test:${"pepper-".repeat(6)}`;
const NEW_PEPPER = `next:${"saffron-".repeat(6)}`;

let t: Backend;

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer();
});

afterEach(() => {
  vi.useRealTimers();
  vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
});

const after = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
const ping = (key: string): Promise<Reply> => rpc(t, key, "ping");
const status = async (key: string): Promise<number> => (await ping(key)).status;
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const verify = (key: string) => t.action(internal.keys.verify, { key });
const rotate = (keyId: string, more: { graceMinutes?: number; expiresInDays?: number } = {}) =>
  t.action(internal.keys.rotate, { keyId, ...more });
const update = (keyId: string, changes: object) =>
  t.mutation(internal.keys.update, { keyId, ...changes });
const revoke = (keyId: string, reason?: string) =>
  t.mutation(internal.keys.revoke, { keyId, ...(reason === undefined ? {} : { reason }) });

/** What an operator's call was refused with. */
const refusal = async (call: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConvexError);
  const data = (error as ConvexError<{ code: string; message: string }>).data;
  expect(data).toEqual({ code: expect.any(String), message: expect.stringMatching(/./) });
  return data;
};

const badGrants: [field: string, grant: object][] = [
  ["name", { name: "" }],
  ["name", { name: " " }],
  ["name", { name: "x".repeat(101) }],
  ["name", { name: "a\u001b[31m" }],
  ["name", { name: "two\nlines" }],
  ["role", { role: "nonesuch" }],
  ["role", { role: "" }],
  ["expiresInDays", { expiresInDays: 0 }],
  ["expiresInDays", { expiresInDays: -1 }],
  ["expiresInDays", { expiresInDays: 366 }],
  ["expiresInDays", { expiresInDays: 1.5 }],
  ["expiresInDays", { expiresInDays: NaN }],
  ["expiresInDays", { expiresInDays: Infinity }],
  ["tools", { tools: ["customers_get", "nonesuch"] }],
  ["tools", { tools: ["toString"] }],
  ["constraints", { constraints: { nonesuch: { a: { min: 1 } } } }],
  ["constraints", { constraints: { orders_list: { limit: {} } } }],
  ["constraints", { constraints: { orders_list: { limit: { min: 2, max: 1 } } } }],
];

describe("create", () => {
  test("tells the key once, and everything else about it", async () => {
    const constraints = { orders_list: { limit: { max: 5 } } };
    const { key, ...info } = await t.action(internal.keys.create, {
      tenant: "acme",
      name: "Claude of the sales team",
      role: "sales",
      subject: "claude",
      expiresInDays: 30,
      tools: ["orders_list"],
      constraints,
      env: "test",
    });
    expect(key).toMatch(/^cvxmcp_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    expect(key.split("_")[2]).toBe(info.keyId);
    expect(info).toEqual({
      keyId: expect.any(String),
      env: "test",
      name: "Claude of the sales team",
      subject: "claude",
      tenant: "acme",
      role: "sales",
      status: "active",
      tools: ["orders_list"],
      constraints,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const lifetime = Date.parse(info.expiresAt) - Date.parse(info.createdAt);
    expect(Math.abs(lifetime - 30 * DAY)).toBeLessThan(1000);
    expect(await t.query(internal.keys.get, { keyId: info.keyId })).toEqual(info);
  });

  test("has defaults: live, 90 days, a subject of its own, no narrowing", async () => {
    const { key, keyId, subject, createdAt, expiresAt, tools, constraints } = await issueKey(t);
    expect(key).toMatch(/^cvxmcp_live_/);
    expect(subject).toBe(keyId);
    const lifetime = Date.parse(expiresAt) - Date.parse(createdAt);
    expect(Math.abs(lifetime - 90 * DAY)).toBeLessThan(1000);
    expect([tools, constraints]).toEqual([undefined, undefined]);
  });

  test("never gives the same key or id twice", async () => {
    const issued = await times(100, () => issueKey(t));
    expect(new Set(issued.map(({ keyId }) => keyId)).size).toBe(100);
    expect(new Set(issued.map(({ key }) => key.slice(25))).size).toBe(100);
  });

  test.each([
    ...badGrants,
    ["tenant", { tenant: "nonesuch" }],
    ["tenant", { tenant: "" }],
    ["subject", { subject: "" }],
    ["subject", { subject: "x".repeat(101) }],
    ["subject", { subject: "a\u0000" }],
  ] as [string, object][])("names the field that is wrong: %s %j", async (field, grant) => {
    const { code, message } = await refusal(issueKey(t, grant));
    expect(code).toBe("invalid_arguments");
    expect(message.split(/[: .]/)[0]).toBe(field);
    expect(await rows(t, "mcpKeys")).toEqual([]);
    expect((await rows(t, "mcpAudit")).length).toBe(0);
  });

  test.each([{ min: NaN }, { max: NaN }, { min: Infinity, max: Infinity }])(
    "a constraint of %j lets nothing through",
    async (limit) => {
      const { key } = await issueKey(t, { constraints: { orders_list: { limit } } });
      const { text } = await rpc(t, key, "tools/call", {
        name: "orders_list",
        arguments: { limit: 3 },
      });
      expect(text).toContain("not_allowed");
    },
  );

  test.each(["name", "tenant", "role"])("wants a %s", async (field) => {
    const args = { tenant: "acme", role: "admin", name: "x", [field]: undefined };
    await expect(t.action(internal.keys.create, args as never)).rejects.toThrow(field);
  });

  test("writes the default roles once, and never over those that were changed", async () => {
    await t.mutation(internal.roles.set, { name: "viewer", permissions: ["stock:read"] });
    await issueKey(t, { role: "viewer" });
    const viewer = (await t.query(internal.roles.list, {})).find(({ name }) => name === "viewer");
    expect(viewer!.permissions).toEqual(["stock:read"]);
    expect(await rows(t, "mcpRoles")).toHaveLength(Object.keys(defaultRoles).length);
  });
});

describe("a key stops working", () => {
  test("when it expires", async () => {
    const { key, keyId } = await issueKey(t, { expiresInDays: 1 });
    after(DAY - MINUTE);
    expect(await status(key)).toBe(200);
    after(2 * MINUTE);
    expect(await status(key)).toBe(401);
    expect((await t.query(internal.keys.get, { keyId })).status).toBe("expired");
    // Told apart neither from a wrong key nor from one that never was.
    const stranger = await issueKey(await newServer());
    expect((await ping(key)).text).toBe((await ping(stranger.key)).text);
  });

  test("when it is revoked: of 200 calls begun after that none succeeds", async () => {
    const { key, keyId } = await issueKey(t);
    const before = times(50, () => ping(key));
    const info = await revoke(keyId, "laptop stolen");
    const replies = await times(200, () => ping(key));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401]));
    await before;
    expect(info).toMatchObject({
      status: "revoked",
      revokedReason: "laptop stolen",
      revokedAt: expect.stringMatching(/Z$/),
    });
  });

  test("and revoking it again changes nothing and writes no row", async () => {
    const { keyId } = await issueKey(t);
    const first = await revoke(keyId, "one");
    const before = await dump(t);
    after(DAY);
    expect(await revoke(keyId, "two")).toEqual(first);
    vi.useRealTimers();
    expect(await dump(t)).toEqual(before);
  });

  test("other keys of the same subject go on", async () => {
    const one = await issueKey(t, { subject: "agent" });
    const two = await issueKey(t, { subject: "agent" });
    await revoke(one.keyId);
    expect(await status(two.key)).toBe(200);
  });
});

describe("update", () => {
  test.each(badGrants)("names the field that is wrong: %s %j", async (field, changes) => {
    const { keyId } = await issueKey(t);
    const before = await dump(t);
    const { code, message } = await refusal(update(keyId, changes));
    expect(code).toBe("invalid_arguments");
    expect(message.split(/[: .]/)[0]).toBe(field);
    expect(await dump(t)).toEqual(before);
  });

  test("wants at least one change", async () => {
    const { keyId } = await issueKey(t);
    expect(await refusal(update(keyId, {}))).toMatchObject({ code: "invalid_arguments" });
  });

  test("acts on the next call: role, tools, constraints, expiry", async () => {
    const { key, keyId } = await issueKey(t);
    const names = async () => (await listTools(t, key)).map(({ name }) => name);
    expect(await names()).toContain("stock_adjust");
    await update(keyId, { role: "sales" });
    expect(await names()).not.toContain("stock_adjust");
    await update(keyId, { tools: ["orders_list", "stock_adjust"] });
    expect(await names()).toEqual(["orders_list"]);
    await update(keyId, { constraints: { orders_list: { limit: { max: 1 } } } });
    const call = () => rpc(t, key, "tools/call", { name: "orders_list", arguments: { limit: 2 } });
    expect((await call()).text).toContain("not_allowed");
    await update(keyId, { constraints: null, tools: null, role: "admin", name: "renamed" });
    expect((await call()).text).not.toContain("not_allowed");
    expect(await names()).toContain("stock_adjust");
    const info = await t.query(internal.keys.get, { keyId });
    expect(info).toMatchObject({ name: "renamed", role: "admin" });
    expect(info).not.toHaveProperty("tools");
    expect(info).not.toHaveProperty("constraints");
  });

  test("leaves alone what it does not name", async () => {
    const { key: _key, ...info } = await issueKey(t, { tools: ["orders_list"], subject: "s" });
    expect(await update(info.keyId, { name: "renamed" })).toEqual({ ...info, name: "renamed" });
  });

  test("revives an expired key, and never a revoked or a rotated one", async () => {
    const expired = await issueKey(t, { expiresInDays: 1 });
    const revoked = await issueKey(t);
    const rotated = await issueKey(t);
    await revoke(revoked.keyId);
    await rotate(rotated.keyId);
    after(2 * DAY);
    await update(expired.keyId, { expiresInDays: 1 });
    expect(await status(expired.key)).toBe(200);
    for (const { keyId, key } of [revoked, rotated]) {
      const refused = await refusal(update(keyId, { expiresInDays: 10 }));
      expect(refused.code).toBe("wrong_state");
      expect(await status(key)).toBe(401);
    }
  });
});

describe("rotate", () => {
  test("the new key takes over everything but the secret", async () => {
    const old = await issueKey(t, {
      role: "sales",
      tools: ["orders_list"],
      constraints: { orders_list: { limit: { max: 3 } } },
      env: "test",
    });
    const next = await rotate(old.keyId);
    expect(next.key).toMatch(/^cvxmcp_test_/);
    for (const field of ["name", "subject", "tenant", "role", "tools", "constraints"] as const)
      expect(next[field]).toEqual(old[field]);
    expect(next.replaces).toBe(old.keyId);
    expect(await t.query(internal.keys.get, { keyId: old.keyId })).toMatchObject({
      status: "rotated",
      replacedBy: next.keyId,
    });
  });

  test("without grace the old key is refused at once", async () => {
    const old = await issueKey(t);
    const next = await rotate(old.keyId);
    const replies = await times(50, () => ping(old.key));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401]));
    expect(await status(next.key)).toBe(200);
  });

  test("with grace none of 200 calls fails with either key; after it, all with the old", async () => {
    const old = await issueKey(t);
    const during = times(60, () => ping(old.key));
    const next = await rotate(old.keyId, { graceMinutes: 10 });
    const replies = [
      ...(await during),
      ...(await times(140, (index) => ping(index % 2 === 0 ? old.key : next.key))),
    ];
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]));
    after(9 * MINUTE);
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200]);
    after(2 * MINUTE);
    expect([await status(old.key), await status(next.key)]).toEqual([401, 200]);
  });

  test("never more than two keys of a chain work", async () => {
    const chain = [await issueKey(t)];
    for (let turn = 0; turn < 4; turn++) {
      chain.push(await rotate(chain.at(-1)!.keyId, { graceMinutes: 60 }));
      const working = await Promise.all(chain.map(({ key }) => status(key)));
      expect(working.filter((code) => code === 200)).toHaveLength(2);
      expect(working.slice(-2)).toEqual([200, 200]);
    }
  });

  test("revoking the old key in its grace ends it at once, and only it", async () => {
    const old = await issueKey(t);
    const next = await rotate(old.keyId, { graceMinutes: 60 });
    await revoke(old.keyId);
    expect([await status(old.key), await status(next.key)]).toEqual([401, 200]);
  });

  test("grace does not outlive the old key's own expiry", async () => {
    const old = await issueKey(t, { expiresInDays: 1 });
    await rotate(old.keyId, { graceMinutes: 7 * 24 * 60 });
    after(2 * DAY);
    expect(await status(old.key)).toBe(401);
  });

  test.each([-1, 10_081, NaN, Infinity])("refuses %d minutes of grace", async (graceMinutes) => {
    const { keyId } = await issueKey(t);
    const { code, message } = await refusal(rotate(keyId, { graceMinutes }));
    expect([code, message.split(":")[0]]).toEqual(["invalid_arguments", "graceMinutes"]);
    expect(await rows(t, "mcpKeys")).toHaveLength(1);
  });

  test.each([0, 366, 1.5])("refuses an expiry in %d days", async (expiresInDays) => {
    const { keyId } = await issueKey(t);
    const { message } = await refusal(rotate(keyId, { expiresInDays }));
    expect(message).toMatch(/^expiresInDays: /);
  });

  test("refuses a key that is revoked, expired, or was rotated before", async () => {
    const [revoked, expired, rotated] = [
      await issueKey(t),
      await issueKey(t, { expiresInDays: 1 }),
      await issueKey(t),
    ];
    await revoke(revoked.keyId);
    await rotate(rotated.keyId, { graceMinutes: 7 * 24 * 60 });
    after(2 * DAY);
    for (const { keyId } of [revoked, expired, rotated])
      expect((await refusal(rotate(keyId))).code).toBe("wrong_state");
  });

  test("of one key, ten at once: one wins", async () => {
    const { keyId } = await issueKey(t);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => rotate(keyId)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await rows(t, "mcpKeys")).toHaveLength(2);
  });
});

describe("get, update, rotate and revoke", () => {
  test("say so if there is no such key", async () => {
    const keyId = "nonesuch0000";
    const calls = [
      t.query(internal.keys.get, { keyId }),
      update(keyId, { name: "x" }),
      rotate(keyId),
      revoke(keyId),
    ];
    for (const call of calls) {
      const { code, message } = await refusal(call);
      expect([code, message]).toEqual(["not_found", 'keyId: there is no key "nonesuch0000"']);
    }
  });

  test.each(["", "x".repeat(201), "a\u001b[2J"])("revoke refuses the reason %j", async (reason) => {
    const { key, keyId } = await issueKey(t);
    const { code, message } = await refusal(revoke(keyId, reason));
    expect([code, message.split(":")[0]]).toEqual(["invalid_arguments", "reason"]);
    expect(await status(key)).toBe(200);
  });
});

describe("verify", () => {
  test("tells a good key's permissions, and neither takes a token nor writes a row", async () => {
    const { key, keyId } = await issueKey(t, { role: "warehouse" });
    const before = await dump(t);
    const { valid, key: info, permissions: may, reason } = await verify(` ${key}\n`);
    expect([valid, info?.keyId, reason]).toEqual([true, keyId, undefined]);
    expect([...may!].sort()).toEqual([...defaultRoles.warehouse!].sort());
    expect(await dump(t)).toEqual(before);
  });

  test("says why not", async () => {
    const good = await issueKey(t);
    const reasonOf = async (key: string) => {
      const { valid, reason } = await verify(key);
      expect(valid).toBe(false);
      return reason;
    };
    expect(await reasonOf("")).toBe("malformed");
    expect(await reasonOf(`${good.key}x`)).toBe("malformed");
    expect(await reasonOf(good.key.slice(0, -1))).toBe("malformed");
    expect(await reasonOf((await issueKey(await newServer())).key)).toBe("unknown_key");
    const revoked = await issueKey(t);
    await revoke(revoked.keyId);
    expect(await reasonOf(revoked.key)).toBe("revoked");
    const rotated = await issueKey(t);
    await rotate(rotated.keyId);
    expect(await reasonOf(rotated.key)).toBe("rotated");
    const expired = await issueKey(t, { expiresInDays: 1 });
    after(2 * DAY);
    expect(await reasonOf(expired.key)).toBe("expired");
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    expect(await reasonOf(good.key)).toBe("wrong_secret");
    vi.stubEnv("TOOLGATE_PEPPERS", "");
    expect(await reasonOf(good.key)).toBe("no_pepper");
  });

  test("describes only a key whose secret is right", async () => {
    const good = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    expect(await verify(good.key)).toEqual({ valid: false, reason: "wrong_secret" });
  });
});

describe("lastUsedAt", () => {
  const lastUsedAt = async (keyId: string) =>
    (await t.query(internal.keys.get, { keyId })).lastUsedAt;

  test("is when the newest call of the key was let in or denied, and not an operator's doing", async () => {
    const start = Date.now() + MINUTE;
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const { key, keyId } = await issueKey(t, { role: "viewer" });
    await update(keyId, { name: "renamed" });
    expect(await lastUsedAt(keyId)).toBeUndefined();
    vi.setSystemTime(start + MINUTE);
    await ping(key);
    expect(await lastUsedAt(keyId)).toBe(new Date(start + MINUTE).toISOString());
    vi.setSystemTime(start + 2 * MINUTE);
    await rpc(t, key, "tools/call", { name: "stock_adjust" });
    expect(await lastUsedAt(keyId)).toBe(new Date(start + 2 * MINUTE).toISOString());
  });

  const misuse = async (key: string, count: number) => {
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    for (let call = 0; call < count; call++) await ping(key);
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
  };

  test("is not moved by a wrong secret", async () => {
    const { key, keyId } = await issueKey(t);
    await misuse(key, 3);
    expect(await lastUsedAt(keyId)).toBeUndefined();
  });

  test("is not hidden by 21 wrong secrets", async () => {
    const { key, keyId } = await issueKey(t);
    await ping(key);
    const used = await lastUsedAt(keyId);
    expect(used).toBeDefined();
    await misuse(key, 11);
    after(2 * MINUTE);
    await misuse(key, 11);
    expect(await lastUsedAt(keyId)).toBe(used);
  });
});

describe("peppers", () => {
  test("a new one in front hashes new keys; old keys verify", async () => {
    const old = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", `${NEW_PEPPER},${PEPPER}`);
    const next = await issueKey(t);
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200]);
    expect((await rows(t, "mcpKeys")).map(({ pepperId }) => pepperId)).toEqual(["test", "next"]);
    const rotated = await rotate(old.keyId);
    vi.stubEnv("TOOLGATE_PEPPERS", NEW_PEPPER);
    expect(await status(rotated.key)).toBe(200);
    expect(await status(next.key)).toBe(200);
  });

  test("a key of a pepper that is gone is refused", async () => {
    const old = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", NEW_PEPPER);
    expect(await status(old.key)).toBe(401);
    expect((await verify(old.key)).reason).toBe("wrong_secret");
  });

  test.each([
    "",
    "no-colon",
    ":".padEnd(40, "x"),
    "p1:short",
    `p 1:${"x".repeat(40)}`,
    `${"p".repeat(33)}:${"x".repeat(40)}`,
    `${PEPPER},`,
    `,${PEPPER}`,
    `${PEPPER},p2:short`,
    `${PEPPER};p2:${"x".repeat(40)}`.replace("test", "te;st"),
  ])("%j: calls answer 503 and say why, and no key is made", async (peppers) => {
    const { key, keyId } = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", peppers);
    const { status: code, json, headers } = await ping(key);
    expect(code).toBe(503);
    expect(json.error).toEqual({
      code: 503,
      message: expect.stringMatching(
        /API keys are off on this deployment: TOOLGATE_PEPPERS must be/,
      ),
    });
    expect(headers.get("content-type")).toBe("application/json");
    expect((await refusal(issueKey(t))).code).toBe("no_pepper");
    expect((await refusal(rotate(keyId))).code).toBe("no_pepper");
    expect((await verify(key)).reason).toBe("no_pepper");
    // A junk key does not even learn that much.
    expect(await status("junk")).toBe(401);
    expect(await rows(t, "mcpKeys")).toHaveLength(1);
  });

  test("unset is like empty", async () => {
    const { key } = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", undefined);
    expect(await status(key)).toBe(503);
  });

  test("a copy of the database without the pepper verifies no key", async () => {
    const keys = await times(20, () => issueKey(t));
    const copied = await rows(t, "mcpKeys");
    const copy = newBackend();
    await copy.run(async (ctx) => {
      for (const { _id, _creationTime, ...row } of copied) await ctx.db.insert("mcpKeys", row);
    });
    for (const peppers of [`test:${"guess-".repeat(8)}`, `other:${"pepper-".repeat(6)}`]) {
      vi.stubEnv("TOOLGATE_PEPPERS", peppers);
      for (const { key } of keys) {
        expect((await copy.action(internal.keys.verify, { key })).valid).toBe(false);
        expect((await rpc(copy, key, "ping")).status).toBe(401);
      }
    }
    // With it, the copy is as good as the original, so nothing else was missing.
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
    expect((await copy.action(internal.keys.verify, { key: keys[0]!.key })).valid).toBe(true);
  });
});

describe("list", () => {
  test("newest first, a page at a time, of one tenant or all", async () => {
    const issued: IssuedKey[] = [];
    for (let index = 0; index < 7; index++)
      issued.push(await issueKey(t, { tenant: index === 3 ? "globex" : "acme" }));
    const newest = issued.map(({ keyId }) => keyId).reverse();
    const all = async (args: { tenant?: string; limit?: number }) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: { keys: { keyId: string }[]; nextCursor: string | null } = await t.query(
          internal.keys.list,
          { ...args, ...(cursor === undefined ? {} : { cursor }) },
        );
        expect(page.keys.length).toBeLessThanOrEqual(args.limit ?? 50);
        seen.push(...page.keys.map(({ keyId }) => keyId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return seen;
    };
    expect(await all({})).toEqual(newest);
    expect(await all({ limit: 2 })).toEqual(newest);
    expect(await all({ tenant: "globex", limit: 1 })).toEqual([issued[3]!.keyId]);
    expect(await all({ tenant: "acme", limit: 3 })).toEqual(
      newest.filter((keyId) => keyId !== issued[3]!.keyId),
    );
    expect(await all({ tenant: "nonesuch" })).toEqual([]);
  });

  test("shows no hash", async () => {
    await issueKey(t);
    const [row] = await rows(t, "mcpKeys");
    const text = JSON.stringify(await t.query(internal.keys.list, {}));
    expect(text).not.toContain(row!.hash);
    expect(text).not.toMatch(/hash|pepper/);
  });

  test.each([
    ["limit", { limit: 0 }],
    ["limit", { limit: 201 }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: NaN }],
    ["cursor", { cursor: "made up" }],
  ] as [string, object][])("refuses a wrong %s: %j", async (field, args) => {
    await issueKey(t);
    for (const call of [t.query(internal.keys.list, args), t.query(internal.audit.list, args)]) {
      const { code, message } = await refusal(call);
      expect([code, message.split(":")[0]]).toEqual(["invalid_arguments", field]);
    }
  });
});

describe("roles", () => {
  test("are the default ones on a new deployment", async () => {
    const listed = await t.query(internal.roles.list, {});
    expect(Object.fromEntries(listed.map((role) => [role.name, role.permissions]))).toEqual(
      defaultRoles,
    );
    expect(await rows(t, "mcpRoles")).toEqual([]);
  });

  test("can be set as a whole, added to and taken from", async () => {
    const set = (change: object) => t.mutation(internal.roles.set, { name: "auditor", ...change });
    expect(await set({ permissions: ["orders:read", "invoices:read", "orders:read"] })).toEqual({
      name: "auditor",
      permissions: ["invoices:read", "orders:read"],
    });
    expect((await set({ add: ["stock:read"], remove: ["orders:read"] })).permissions).toEqual([
      "invoices:read",
      "stock:read",
    ]);
    expect((await set({ permissions: [] })).permissions).toEqual([]);
    // The others were written with the first.
    expect(await rows(t, "mcpRoles")).toHaveLength(Object.keys(defaultRoles).length + 1);
    const { key } = await issueKey(t, { role: "auditor" });
    expect(await listTools(t, key)).toEqual([]);
  });

  test("every role the deployment starts with can be given to a key", async () => {
    for (const role of Object.keys(defaultRoles)) await issueKey(t, { role });
  });

  test.each([
    ["name", { name: "", permissions: [] }],
    ["name", { name: "Admin", permissions: [] }],
    ["name", { name: "x".repeat(41), permissions: [] }],
    ["name", { name: "a b", permissions: [] }],
    ["permission", { name: "x", permissions: ["orders:everything"] }],
    ["permission", { name: "x", permissions: ["*"] }],
    ["permission", { name: "x", add: ["orders:*"] }],
    ["permissions", { name: "x" }],
    ["permissions", { name: "x", permissions: [], add: ["stock:read"] }],
  ] as [string, { name: string }][])("set refuses a wrong %s: %j", async (field, change) => {
    const { code, message } = await refusal(t.mutation(internal.roles.set, change));
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(field);
    expect(await rows(t, "mcpRoles")).toEqual([]);
  });

  test("set refuses to remove a permission that there is not", async () => {
    const change = { name: "sales", remove: ["order:cancel"] };
    await refusal(t.mutation(internal.roles.set, change));
  });

  test("hold only permissions that exist", () => {
    for (const own of Object.values(defaultRoles))
      expect(permissions).toEqual(expect.arrayContaining([...own]));
  });
});

describe("the audit list", () => {
  test("is newest first, a page at a time, filtered by one thing", async () => {
    const one = await issueKey(t);
    const two = await issueKey(t, { tenant: "globex" });
    for (let call = 0; call < 5; call++) await ping(one.key);
    await ping(two.key);
    await rpc(t, one.key, "tools/call", { name: "nonesuch" });
    const list = (args: object) => t.query(internal.audit.list, args);
    const { entries } = await list({});
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(entries).toHaveLength(2 + 5 + 1 + 1);
    expect((await list({ tenant: "globex" })).entries.map(({ method }) => method)).toEqual([
      "ping",
      "keys/create",
    ]);
    expect((await list({ keyId: one.keyId })).entries).toHaveLength(7);
    expect((await list({ outcome: "denied" })).entries).toMatchObject([
      { tool: "nonesuch", reason: "unknown_tool" },
    ]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { entries: { id: string }[]; nextCursor: string | null } = await list({
        limit: 4,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(entries.map(({ id }) => id));
  });

  test("takes one filter at a time", async () => {
    const { code } = await refusal(
      t.query(internal.audit.list, { tenant: "acme", outcome: "denied" }),
    );
    expect(code).toBe("invalid_arguments");
  });
});

test("a key works in one deployment only", async () => {
  const other = await newServer();
  const { key } = await issueKey(t);
  const reply = await post(other, key, { jsonrpc: "2.0", id: 1, method: "ping" });
  expect(reply.status).toBe(401);
});
