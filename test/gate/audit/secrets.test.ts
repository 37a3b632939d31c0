/** No secret gets into a row, a log or a reply, wherever it is put. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { dump, issueKey, newServer, post, roles, rpc } from "../../support/gate";
import { ada, key, t } from "./setup";

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
    const { key: next } = await t.action(internal.toolgate.admin.rotateKey, {
      keyId,
      graceMinutes: 10,
    });
    issuedKeys.push(own, next);
  }
  for (const own of issuedKeys) {
    await rpc(t, own, "tools/list");
    await t.action(internal.toolgate.admin.verifyKey, { key: own });
  }
  const everything = JSON.stringify(await dump(t));
  for (const own of issuedKeys) expect(everything).not.toContain(own.slice(25, 40));
  expect(everything).not.toMatch(/cvxmcp_(live|test)_[0-9A-Za-z]{12}_/);
  expect(everything).not.toContain("pepper-pepper");
});
