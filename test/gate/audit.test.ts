/** The audit log: one row per call, in the transaction of its effect, without secrets, never changed. */
import { createHash } from "node:crypto";
import { ConvexError, v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalMutation } from "../../convex/_generated/server";
import * as customers from "../../convex/erp/customers";
import { principalValidator } from "../../src/data/principal";
import {
  bearer,
  callTool,
  dump,
  issueKey,
  newBackend,
  newServer,
  post,
  roles,
  rows,
  rpc,
  send,
  type Backend,
  type IssuedKey,
} from "../support/gate";

const PEPPER = `test:${"pepper-".repeat(6)}`;
const OTHER_PEPPER = `test:${"another-".repeat(6)}`;

let t: Backend;
let issued: IssuedKey;
let key: string;

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer();
  issued = await issueKey(t);
  ({ key } = issued);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const audit = () => rows(t, "toolgateAudit");
const ada = { name: "Ada", email: "ada@example.com" };

/** The rows that `work` writes. */
const added = async (work: () => Promise<unknown>) => {
  const before = (await audit()).length;
  await work();
  return (await audit()).slice(before);
};

const call = (name: string, args: object = {}, as = key) =>
  rpc(t, as, "tools/call", { name, arguments: args });

describe("every call writes one row", () => {
  const who = () => {
    const { keyId, subject, tenant, role } = issued;
    return { keyId, subject, tenant, role };
  };

  test.each<[string, () => Promise<unknown>, object]>([
    ["ping", () => rpc(t, key, "ping"), { method: "ping", outcome: "answered" }],
    ["tools/list", () => rpc(t, key, "tools/list"), { method: "tools/list", outcome: "answered" }],
    [
      "a query tool",
      () => call("customers_search"),
      { method: "tools/call", tool: "customers_search", outcome: "answered" },
    ],
    [
      "a mutation tool",
      () => call("customers_create", ada),
      { tool: "customers_create", outcome: "succeeded", arguments: JSON.stringify(ada) },
    ],
    [
      "a mutation tool that refuses",
      () => call("customers_update", { customerId: "x", city: "Rome" }),
      { tool: "customers_update", outcome: "failed", reason: "not_found" },
    ],
    [
      "bad arguments",
      () => call("customers_create"),
      { tool: "customers_create", outcome: "failed", reason: "invalid_arguments" },
    ],
    [
      "an unknown tool",
      () => call("nonesuch", { a: 1 }),
      { tool: "nonesuch", outcome: "denied", reason: "unknown_tool", arguments: '{"a":1}' },
    ],
    [
      "an unknown method",
      () => rpc(t, key, "nonesuch"),
      { method: "nonesuch", outcome: "answered" },
    ],
    [
      "a notification",
      () => post(t, key, { jsonrpc: "2.0", method: "notifications/initialized" }),
      { method: "notifications/initialized", outcome: "answered" },
    ],
    [
      "a response",
      () => post(t, key, { jsonrpc: "2.0", id: 1, result: {} }),
      { method: "response", outcome: "answered" },
    ],
    [
      "GET",
      () => send(t, { method: "GET", headers: bearer(key) }),
      { method: "http/GET", outcome: "answered" },
    ],
  ])("%s", async (_what, work, row) => {
    const written = await added(work);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ ...who(), ...row });
    expect(Math.abs(written[0]!.at - Date.now())).toBeLessThan(60_000);
  });

  test("a replay", async () => {
    const args = { ...ada, idempotencyKey: "replay-1234" };
    await call("customers_create", args);
    const [row, ...more] = await added(() => call("customers_create", args));
    expect(row).toMatchObject({ tool: "customers_create", outcome: "replayed" });
    expect(more).toEqual([]);
  });

  test("a mismatch", async () => {
    await call("customers_create", { ...ada, idempotencyKey: "replay-1234" });
    const [row] = await added(() => call("customers_create", { idempotencyKey: "replay-1234" }));
    expect(row).toMatchObject({ outcome: "failed", reason: "idempotency_mismatch" });
  });

  test("a forbidden tool", async () => {
    const viewer = await issueKey(t, { role: "viewer" });
    const [row] = await added(() => call("stock_adjust", {}, viewer.key));
    expect(row).toMatchObject({
      outcome: "denied",
      reason: "forbidden",
      tool: "stock_adjust",
      role: "viewer",
      keyId: viewer.keyId,
    });
  });

  test("a constraint of the key", async () => {
    const bound = await issueKey(t, { constraints: { orders_list: { limit: { max: 5 } } } });
    const [row] = await added(() => call("orders_list", { limit: 6 }, bound.key));
    expect(row).toMatchObject({
      outcome: "denied",
      reason: "constraint",
      arguments: '{"limit":6}',
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["key_revoked", () => t.mutation(internal.keys.revoke, { keyId: issued.keyId })],
    ["key_rotated", () => t.action(internal.keys.rotate, { keyId: issued.keyId })],
    [
      "key_expired",
      async () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 91 * 86_400_000 }),
    ],
    ["wrong_secret", async () => vi.stubEnv("TOOLGATE_PEPPERS", OTHER_PEPPER)],
  ])("a key that does not prove: %s", async (reason, spoil) => {
    await spoil();
    const [row, ...more] = await added(() => call("customers_create", ada));
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
    expect(row).toMatchObject({ outcome: "denied", reason, keyId: issued.keyId });
    // The caller is not who the key says.
    expect(row).not.toHaveProperty("subject");
    expect(more).toEqual([]);
    expect(await rows(t, "customers")).toEqual([]);
  });

  test("an unknown key", async () => {
    const stranger = await issueKey(await newServer());
    const [row] = await added(() => call("customers_create", ada, stranger.key));
    expect(row).toMatchObject({ outcome: "denied", reason: "unknown_key" });
    expect(row).not.toHaveProperty("keyId");
  });

  test("a rate limit", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1");
    vi.useFakeTimers({ toFake: ["Date"] });
    const statuses: number[] = [];
    const written = await added(async () => {
      const replies = await Promise.all(Array.from({ length: 100 }, () => rpc(t, key, "ping")));
      statuses.push(...replies.map(({ status }) => status));
    });
    const answered = statuses.filter((status) => status === 200);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100 - answered.length);
    // Every call that was let in, and the first 10 that were not: the rest must not fill the log.
    expect(written.map(({ outcome, reason }) => `${outcome} ${reason ?? ""}`).sort()).toEqual([
      ...answered.map(() => "answered "),
      ...Array<string>(10).fill("denied rate_limit_key"),
    ]);
  });

  test("what never got in writes none", async () => {
    const written = await added(async () => {
      await post(t, undefined, { jsonrpc: "2.0", id: 1, method: "ping" });
      await post(t, "junk", { jsonrpc: "2.0", id: 1, method: "ping" });
      await post(t, key, "{");
    });
    expect(written).toEqual([]);
  });

  test("with the client's own name, its version, or else its User-Agent", async () => {
    const initialize = (params: object, headers = {}) =>
      added(() => post(t, key, { jsonrpc: "2.0", id: 1, method: "initialize", params }, headers));
    const named = { protocolVersion: "2025-11-25", clientInfo: { name: "Claude", version: "1.2" } };
    expect(await initialize(named)).toMatchObject([
      { client: "Claude 1.2", protocol: "2025-11-25" },
    ]);
    expect(
      await initialize({ protocolVersion: "2025-11-25" }, { "user-agent": "curl/8" }),
    ).toMatchObject([{ client: "curl/8" }]);
    const [row] = await initialize({ ...named, clientInfo: { name: "x".repeat(5000) } });
    expect(row!.client!.length).toBeLessThanOrEqual(129);
  });

  test("of operators too", async () => {
    const written = await added(async () => {
      const { keyId } = await issueKey(t, { role: "viewer" });
      await t.mutation(internal.keys.update, { keyId, role: "sales" });
      const { keyId: next } = await t.action(internal.keys.rotate, { keyId, graceMinutes: 5 });
      await t.mutation(internal.keys.revoke, { keyId: next, reason: "test" });
      await t.mutation(internal.roles.set, { name: "auditor", permissions: [] });
    });
    expect(written.map(({ method, outcome, protocol }) => [method, outcome, protocol])).toEqual(
      ["keys/create", "keys/update", "keys/rotate", "keys/revoke", "roles/set"].map((method) => [
        method,
        "succeeded",
        "operator",
      ]),
    );
  });
});

describe("the row and the effect", () => {
  const broken = async (thrown: () => unknown) => {
    const create = internalMutation({
      args: { principal: principalValidator(), name: v.string(), email: v.string() },
      returns: v.null(),
      handler: async (ctx) => {
        const tenant = (await ctx.db.query("tenants").first())!;
        await ctx.db.insert("customers", { tenantId: tenant._id, ...ada, searchText: "ada" });
        throw thrown();
      },
    });
    t = newBackend({
      "../../convex/erp/customers.ts": () => Promise.resolve({ ...customers, create }),
    });
    await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
    ({ key } = await issueKey(t));
  };

  test.each<[string, () => unknown, string]>([
    [
      "a ConvexError",
      () => new ConvexError({ code: "out_of_ink", message: "No ink." }),
      "out_of_ink",
    ],
    ["a ConvexError of text", () => new ConvexError("No ink."), "failed"],
    ["any error", () => new Error("no ink in /srv/app.ts"), "internal"],
    ["no error at all", () => "ink", "internal"],
  ])("%s rolls back the effect and leaves the row", async (_what, thrown, reason) => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    await broken(thrown);
    const args = { ...ada, idempotencyKey: "broken-1234" };
    const [row, ...more] = await added(() => call("customers_create", args));
    expect(row).toMatchObject({ outcome: "failed", reason });
    expect(more).toEqual([]);
    expect(await rows(t, "customers")).toEqual([]);
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    expect(log).toHaveBeenCalledTimes(reason === "internal" ? 1 : 0);
  });

  test("a fault tells the caller an id, and the log the rest", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    await broken(() => new Error("no ink in /srv/app.ts"));
    const { content } = await callTool(t, key, "customers_create", ada);
    const text = content[0]!.text;
    expect(text).toMatch(/^internal: Internal error. Quote [\da-f-]{36} to the operator\.$/);
    const id = /[\da-f-]{36}/.exec(text)![0];
    expect(String(log.mock.calls[0]![0])).toContain(id);
    expect(String(log.mock.calls[0]![0])).toContain("no ink");
  });
});

describe("arguments", () => {
  const argumentsOf = async (args: object) => (await added(() => call("nonesuch", args)))[0]!;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  test.each([
    "password",
    "newPassword",
    "PASSWD",
    "secret",
    "clientSecret",
    "token",
    "access_token",
    "apiKey",
    "api_key",
    "Authorization",
    "credentials",
    "privateKey",
    "cvv",
    "iban",
    "cardNumber",
    "card_number",
  ])("named %s are redacted, at any depth", async (name) => {
    const row = await argumentsOf({ [name]: "hunter2", list: [{ [name]: { deep: "hunter2" } }] });
    expect(row.arguments).not.toContain("hunter2");
    expect(JSON.parse(row.arguments!)).toEqual({
      [name]: "[redacted]",
      list: [{ [name]: "[redacted]" }],
    });
  });

  test("with the text of a key in them lose it, and keep the rest", async () => {
    const row = await argumentsOf({ note: `is ${key} mine?`, list: [key, `${key}${key}`] });
    expect(JSON.parse(row.arguments!)).toEqual({
      note: "is [redacted] mine?",
      list: ["[redacted]", "[redacted][redacted]"],
    });
  });

  test("named like a key lose it too", async () => {
    const row = await argumentsOf({ [key]: 1, deep: { [`x ${key}`]: 1 } });
    expect(row.arguments).not.toContain(key);
  });

  test("that are harmless stay as they are", async () => {
    const args = { customerId: "c1", lines: [{ productId: "p", quantity: 3 }], text: "für Ada" };
    expect(await argumentsOf(args)).toMatchObject({ arguments: JSON.stringify(args) });
  });

  test("up to 2048 characters are all there, and need no digest", async () => {
    const args = { a: "x".repeat(2048 - '{"a":""}'.length) };
    const row = await argumentsOf(args);
    expect(row.arguments).toBe(JSON.stringify(args));
    expect(row).not.toHaveProperty("digest");
    expect(await argumentsOf({ a: `${args.a}x` })).toHaveProperty("digest");
  });

  test("are cut at 2048 characters; the digest is of the whole", async () => {
    const args = { a: "x".repeat(3000), b: 1 };
    const row = await argumentsOf(args);
    expect(row.arguments).toBe(`${JSON.stringify(args).slice(0, 2048)}…`);
    expect(row.digest).toBe(sha256(JSON.stringify(args)));
    const other = await argumentsOf({ ...args, b: 2 });
    expect(other.arguments).toBe(row.arguments);
    expect(other.digest).not.toBe(row.digest);
  });

  test("that end in a key where they are cut show no part of it", async () => {
    for (let before = 2048 - 90; before < 2050; before += 7) {
      const row = await argumentsOf({ a: "x".repeat(before) + key });
      expect(row.arguments).not.toContain(key.slice(0, 20));
    }
  });

  test("that are cut have one digest, whatever the order of their members", async () => {
    const long = "x".repeat(3000);
    const { digest } = await argumentsOf({ a: long, b: { c: 2, d: 3 } });
    expect((await argumentsOf({ b: { d: 3, c: 2 }, a: long })).digest).toBe(digest);
    expect(digest).toBe(sha256(`{"a":"${long}","b":{"c":2,"d":3}}`));
  });

  test("that are cut have a digest of what the redaction left", async () => {
    const long = "x".repeat(3000);
    const { digest } = await argumentsOf({ a: long, pin: key, password: "hunter2" });
    expect(digest).toBe(sha256(`{"a":"${long}","password":"[redacted]","pin":"[redacted]"}`));
  });

  test("are not in the rows of other methods", async () => {
    const [row] = await added(() => rpc(t, key, "ping", { arguments: { a: 1 } }));
    expect(row).not.toHaveProperty("arguments");
  });
});

describe("the text of a key, put wherever a client can put text", () => {
  type Place = readonly [place: string, put: (canary: string, as: string) => Promise<string>];
  const request =
    (message: unknown, headers: Record<string, string> = {}) =>
    async (as: string): Promise<string> => {
      const { text, headers: sent } = await post(t, as, message, headers);
      return text + JSON.stringify([...sent]);
    };
  const message = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 1, method, params });
  const tool = (name: string, args: object, more: object = {}) =>
    message("tools/call", { name, arguments: args, ...more });
  const place = (
    name: string,
    of: (canary: string) => [message: unknown, headers?: Record<string, string>],
  ): Place => [name, (canary, as) => request(...of(canary))(as)];

  const inHeader = (name: string, of = (canary: string) => canary): Place =>
    place(`header ${name}`, (canary) => [message("ping"), { [name]: of(canary) }]);

  const places: readonly Place[] = [
    inHeader("authorization", (canary) => canary),
    inHeader("authorization", (canary) => `Basic ${canary}`),
    inHeader("authorization", (canary) => `Bearer ${canary}, Bearer ${canary}`),
    inHeader("authorization", (canary) => `Bearer ${canary}x`),
    inHeader("x-api-key"),
    inHeader("cookie", (canary) => `key=${canary}`),
    inHeader("user-agent"),
    inHeader("user-agent", (canary) => `agent/1.0 (${canary})`),
    inHeader("origin", (canary) => `https://${canary}.example`),
    inHeader("referer", (canary) => `https://x.example/?key=${canary}`),
    inHeader("accept"),
    inHeader("content-type", (canary) => `application/json; key=${canary}`),
    inHeader("mcp-session-id"),
    inHeader("last-event-id"),
    inHeader("mcp-protocol-version"),
    inHeader("mcp-method"),
    inHeader("mcp-name"),
    inHeader("x-forwarded-for"),
    inHeader("x-forwarded-host"),
    place("header idempotency-key", (canary) => [
      tool("customers_create", {}),
      { "idempotency-key": canary },
    ]),
    place("the idempotency key of a call that succeeds", (canary) => [
      tool("customers_create", { ...ada, idempotencyKey: canary }),
    ]),
    place("_meta idempotency key", (canary) => [
      tool("customers_create", {}, { _meta: { "toolgate/idempotencyKey": canary } }),
    ]),
    place("progress token", (canary) => [
      tool("customers_search", {}, { _meta: { progressToken: canary } }),
    ]),
    place("_meta member", (canary) => [tool("customers_search", {}, { _meta: { [canary]: 1 } })]),
    place("clientInfo name", (canary) => [
      message("initialize", { protocolVersion: "2025-11-25", clientInfo: { name: canary } }),
    ]),
    place("clientInfo version", (canary) => [
      message("initialize", {
        protocolVersion: "2025-11-25",
        clientInfo: { name: "x", version: canary },
      }),
    ]),
    place("protocol version", (canary) => [message("initialize", { protocolVersion: canary })]),
    place("params member", (canary) => [message("ping", { [canary]: canary })]),
    place("message member", (canary) => [{ ...message("ping"), [canary]: canary }]),
    place("a response", (canary) => [{ jsonrpc: "2.0", id: canary, result: { canary } }]),
    place("cursor of tools/list", (canary) => [message("tools/list", { cursor: canary })]),
    place("cursor of a list", (canary) => [tool("orders_list", { cursor: canary })]),
    place("a search text", (canary) => [tool("customers_search", { text: canary })]),
    place("a nested argument", (canary) => [
      tool("nonesuch", { a: [{ b: [canary, `${canary}!`] }] }),
    ]),
    place("broken JSON", (canary) => [`{"jsonrpc":"2.0","id":1,"method":"${canary}"`]),
    place("jsonrpc", (canary) => [{ ...message("ping"), jsonrpc: canary }]),
    place("params", (canary) => [{ ...message("ping"), params: canary }]),
    place("the tool's arguments", (canary) => [
      message("tools/call", { name: "customers_get", arguments: canary }),
    ]),
  ];

  /** Places whose text the row takes over from the client without redaction. */
  const leakyRows: readonly Place[] = [
    place("an argument's name", (canary) => [tool("nonesuch", { [canary]: 1 })]),
    place("a known tool's argument name", (canary) => [tool("customers_search", { [canary]: 1 })]),
    inHeader("user-agent", (canary) => `${"x".repeat(60)} ${canary}`),
  ];

  /** Places whose text the reply says back. */
  const echoed: readonly Place[] = [
    place("the tool's name", (canary) => [tool(canary, {})]),
    place("the method", (canary) => [message(canary)]),
    place("a duplicate member", (canary) => [`{"${canary}":1,"${canary}":2}`]),
    place("a known tool's argument name", (canary) => [tool("customers_create", { [canary]: 1 })]),
    place("an id", (canary) => [tool("customers_get", { customerId: canary })]),
    place("an id of a write", (canary) => [
      tool("orders_cancel", { orderId: canary, reason: "x" }),
    ]),
    place("an argument that is not a number", (canary) => [tool("orders_list", { limit: canary })]),
    place("an enum argument", (canary) => [tool("orders_list", { status: canary })]),
    place("an enum argument of a write", (canary) => [
      tool("stock_adjust", { productId: "p", quantity: 1, reason: canary }),
    ]),
  ];

  const consoleMethods = ["log", "info", "warn", "error", "debug"] as const;

  const seen = async ([, put]: Place, canary: string, as: string) => {
    const spies = consoleMethods.map((method) => vi.spyOn(console, method).mockReturnValue());
    const reply = await put(canary, as);
    const logged = spies
      .flatMap((spy) => spy.mock.calls.flat())
      .map((item) =>
        item instanceof Error ? `${item.message} ${String(item.stack)}` : String(item),
      );
    vi.restoreAllMocks();
    const { toolgateAudit, toolgateKeys, toolgateIdempotency, toolgateBuckets, toolgateRoles } =
      await dump(t);
    return {
      reply,
      stored: JSON.stringify([
        toolgateAudit,
        toolgateKeys,
        toolgateIdempotency,
        toolgateBuckets,
        toolgateRoles,
      ]),
      logged: JSON.stringify(logged),
    };
  };

  /** The part that is secret; the id before it is public. */
  const secretOf = (text: string) => text.slice("cvxmcp_live_".length + 12 + 1);
  /** A key that was cut betrays most of the secret all the same; its last six characters are only a checksum. */
  const bare = (text: string) => secretOf(text).slice(0, 30);

  test("there are 40 places and more", () => {
    expect(places.length + leakyRows.length + echoed.length).toBeGreaterThanOrEqual(40);
  });

  test.each(places)("%s: it is not stored, not logged and not said back", async (...where) => {
    const found = await seen(where, key, key);
    for (const text of [found.stored, found.logged, found.reply])
      expect(text).not.toContain(bare(key));
  });

  test("another's key is not stored or logged either", async () => {
    const { key: canary } = await issueKey(await newServer());
    for (const where of places) {
      const { stored, logged } = await seen(where, canary, key);
      expect([where[0], stored.includes(bare(canary)), logged.includes(bare(canary))]).toEqual([
        where[0],
        false,
        false,
      ]);
    }
  });

  test.each(leakyRows)("%s: it is not stored", async (...where) => {
    expect((await seen(where, key, key)).stored).not.toContain(bare(key));
  });

  test.each(echoed)("%s: it is not said back", async (...where) => {
    expect((await seen(where, key, key)).reply).not.toContain(bare(key));
  });

  test.each(echoed.filter(([name]) => !name.includes("argument name")))(
    "%s: it is not stored or logged",
    async (...where) => {
      const { stored, logged } = await seen(where, key, key);
      expect(stored + logged).not.toContain(bare(key));
    },
  );
});

test("no secret is in any row after a life of keys", async () => {
  const issuedKeys: string[] = [key];
  for (const role of roles) {
    const { key: own, keyId } = await issueKey(t, { role });
    const { key: next } = await t.action(internal.keys.rotate, { keyId, graceMinutes: 10 });
    issuedKeys.push(own, next);
  }
  for (const own of issuedKeys) {
    await rpc(t, own, "tools/list");
    await t.action(internal.keys.verify, { key: own });
  }
  const everything = JSON.stringify(await dump(t));
  for (const own of issuedKeys) expect(everything).not.toContain(own.slice(25, 40));
  expect(everything).not.toMatch(/cvxmcp_(live|test)_[0-9A-Za-z]{12}_/);
  expect(everything).not.toContain("pepper-pepper");
});

test("rows never change, whatever happens later", async () => {
  await call("customers_create", { ...ada, idempotencyKey: "first-1234" });
  await call("nonesuch");
  await call("customers_import", { lines: JSON.stringify(ada), idempotencyKey: "first-1234" });
  const before = await audit();
  expect(before.at(-1)).toMatchObject({ tool: "customers_import", outcome: "succeeded" });
  await call("customers_create", { ...ada, idempotencyKey: "first-1234" });
  await call("customers_import", { lines: JSON.stringify(ada), idempotencyKey: "first-1234" });
  await t.mutation(internal.keys.update, { keyId: issued.keyId, name: "renamed" });
  await t.action(internal.keys.rotate, { keyId: issued.keyId });
  await t.mutation(internal.roles.set, { name: "admin", permissions: [] });
  const jobs = await rows(t, "toolgateJobs");
  expect(jobs).toHaveLength(1);
  const { jobId, subject, tenant, role, keyId } = jobs[0]!;
  const meddle = async () => {
    const outcome = { state: "failed", code: "x", message: "y" } as const;
    await t.mutation(internal.jobs.finish, { jobId, outcome });
    await t.mutation(internal.jobs.expire, { jobId });
    await t.mutation(internal.jobs.cancel, { jobId, principal: { subject, tenant, role, keyId } });
    await t.mutation(internal.jobs.report, { jobId, progress: { done: 1 } });
    await t.action(internal.worker.run, { jobId });
  };
  await meddle();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 100 * 86_400_000 });
  await meddle();
  await t.mutation(internal.crons.sweep, {});
  expect(await rows(t, "toolgateJobs")).toEqual([]);
  expect((await audit()).slice(0, before.length)).toEqual(before);
});
