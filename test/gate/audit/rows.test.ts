/** The audit log has one row per call, which never changes. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { bearer, issueKey, newServer, post, rows, rpc, send } from "../../support/gate";
import { modernHeaders, modernMessage } from "../../support/speak";
import { ada, added, audit, call, issued, key, t } from "./setup";

const PEPPER = `test:${"pepper-".repeat(6)}`;
const OTHER_PEPPER = `test:${"another-".repeat(6)}`;

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
      { method: "nonesuch", outcome: "denied", reason: "unknown_method" },
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
      { method: "http/GET", outcome: "denied", reason: "http_method" },
    ],
    [
      "a text that is no JSON",
      () => post(t, key, "{", { "user-agent": "curl/8" }),
      { method: "http/POST", outcome: "denied", reason: "malformed", client: "curl/8" },
    ],
    [
      "a malformed message",
      () => post(t, key, { jsonrpc: "2.0", id: [], method: "ping" }),
      { method: "ping", outcome: "denied", reason: "malformed" },
    ],
    [
      "a header that does not match",
      () => post(t, key, modernMessage("tools/list"), modernHeaders("tools/call")),
      { method: "tools/list", outcome: "denied", reason: "header_mismatch" },
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
    ["key_revoked", () => t.mutation(internal.toolgate.admin.revokeKey, { keyId: issued.keyId })],
    ["key_rotated", () => t.action(internal.toolgate.admin.rotateKey, { keyId: issued.keyId })],
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
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.1");
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
      await post(t, undefined, "{");
      await post(t, key, " ".repeat(1024 * 1024 + 1));
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
      await t.mutation(internal.toolgate.admin.updateKey, { keyId, role: "sales" });
      const { keyId: next } = await t.action(internal.toolgate.admin.rotateKey, {
        keyId,
        graceMinutes: 5,
      });
      await t.mutation(internal.toolgate.admin.revokeKey, { keyId: next, reason: "test" });
      await t.mutation(internal.toolgate.admin.setRole, { name: "auditor", permissions: [] });
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

test("rows never change, whatever happens later", async () => {
  await call("customers_create", { ...ada, idempotencyKey: "first-1234" });
  await call("nonesuch");
  await call("customers_import", { lines: JSON.stringify(ada), idempotencyKey: "first-1234" });
  const before = await audit();
  expect(before.at(-1)).toMatchObject({ tool: "customers_import", outcome: "succeeded" });
  await call("customers_create", { ...ada, idempotencyKey: "first-1234" });
  await call("customers_import", { lines: JSON.stringify(ada), idempotencyKey: "first-1234" });
  await t.mutation(internal.toolgate.admin.updateKey, { keyId: issued.keyId, name: "renamed" });
  await t.action(internal.toolgate.admin.rotateKey, { keyId: issued.keyId });
  await t.mutation(internal.toolgate.admin.setRole, { name: "admin", permissions: [] });
  const jobs = await rows(t, "toolgateJobs");
  expect(jobs).toHaveLength(1);
  const { jobId, worker, subject, tenant, role, keyId } = jobs[0]!;
  const meddle = async () => {
    const outcome = { state: "failed", code: "x", message: "y" } as const;
    await t.mutation(internal.toolgate.jobs.finish, { jobId, worker: worker!, outcome });
    await t.mutation(internal.toolgate.jobs.expire, { jobId });
    await t.mutation(internal.toolgate.jobs.cancel, {
      jobId,
      principal: { subject, tenant, role, keyId },
    });
    await t.mutation(internal.toolgate.jobs.report, { jobId, progress: { done: 1 } });
    await t.action(internal.toolgate.worker.run, { jobId });
  };
  await meddle();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 100 * 86_400_000 });
  await meddle();
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await rows(t, "toolgateJobs")).toEqual([]);
  expect((await audit()).slice(0, before.length)).toEqual(before);
});
