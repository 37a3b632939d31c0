/**
 * Batches, which 2025-03-26 alone has.
 *
 * @spec MCP 2025-03-26 basic/transports
 * @spec JSON-RPC 2.0 section 6
 */
import { INVALID_KEY_MESSAGE } from "../../../src/auth/challenge";
import { describe, expect, test } from "vitest";
import { issueKey, post, type Reply } from "../../support/gate";
import { withChecksum } from "../../wire/bad/keys";
import { header, initialize, key, ping, t } from "./setup";

describe("2025-03-26: batches", () => {
  const bodyOf = ({ text }: Reply) =>
    JSON.parse(text) as { id?: unknown; error?: { code: number } }[];
  const note = { jsonrpc: "2.0", method: "notifications/initialized" };

  test.each([{}, header("2025-03-26")])(
    "requests and notifications, in order (%j)",
    async (headers) => {
      const reply = await post(
        t,
        key,
        [{ ...ping, id: "b" }, note, { ...ping, id: 1 }, { ...ping, id: "a" }, note],
        headers,
      );
      expect(reply.status).toBe(200);
      expect(bodyOf(reply)).toEqual([
        { jsonrpc: "2.0", id: "b", result: {} },
        { jsonrpc: "2.0", id: 1, result: {} },
        { jsonrpc: "2.0", id: "a", result: {} },
      ]);
    },
  );

  test("one message is still an array", async () => {
    expect(bodyOf(await post(t, key, [ping]))).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  test("16 messages, the same id among them", async () => {
    const reply = await post(t, key, Array(16).fill(ping));
    expect(bodyOf(reply)).toEqual(Array(16).fill({ jsonrpc: "2.0", id: 1, result: {} }));
  });

  test.each([
    ["notifications alone", [note, note]],
    ["responses alone", [{ jsonrpc: "2.0", id: 1, result: {} }]],
    ["both", [note, { jsonrpc: "2.0", id: 1, error: { code: 1, message: "no" } }]],
  ])("%s: 202 and nothing else", async (_name, batch) => {
    const { status, text } = await post(t, key, batch);
    expect([status, text]).toEqual([202, ""]);
  });

  test("errors stand among the results", async () => {
    const call = (id: number, name: string) => ({
      ...{ jsonrpc: "2.0", id, method: "tools/call" },
      params: { name, arguments: {} },
    });
    const reply = await post(t, key, [
      { ...ping, id: 1 },
      { ...ping, id: 2, method: "nope" },
      call(3, "nope"),
      call(4, "customers_search"),
      1,
      [ping],
      { jsonrpc: "1.0", id: 5, method: "ping" },
      { ...ping, id: null },
      { ...ping, id: 6 },
    ]);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply).map(({ id, error }) => [id, error?.code])).toEqual([
      [1, undefined],
      [2, -32601],
      [3, -32602],
      [4, undefined],
      [undefined, -32600],
      [undefined, -32600],
      [5, -32600],
      [undefined, -32600],
      [6, undefined],
    ]);
  });

  test("later messages see what earlier ones did", async () => {
    const reply = await post(t, key, [
      {
        ...ping,
        id: 1,
        method: "tools/call",
        params: { name: "customers_create", arguments: { name: "Batch", email: "b@example.com" } },
      },
      {
        ...ping,
        id: 2,
        method: "tools/call",
        params: { name: "customers_search", arguments: { text: "Batch" } },
      },
    ]);
    const [, found] = JSON.parse(reply.text);
    expect(found.result.structuredContent.items).toHaveLength(1);
  });

  test("without a good key: one refusal for all", async () => {
    const neverIssued = withChecksum(`cvxmcp_live_000000000001_${"A".repeat(43)}`);
    for (const bad of ["nope", neverIssued]) {
      const { status, json } = await post(t, bad, [ping, ping]);
      expect([status, json]).toEqual([
        401,
        { jsonrpc: "2.0", error: { code: 401, message: INVALID_KEY_MESSAGE } },
      ]);
    }
  });

  test("initialize must not be in one", async () => {
    const reply = await post(t, key, [initialize("2025-03-26"), ping]);
    const codes =
      reply.status === 400 ? [reply.json.error?.code] : bodyOf(reply).map((m) => m.error?.code);
    expect(codes[0]).toBe(-32600);
  });

  describe("with an Idempotency-Key", () => {
    const tool = (id: number, name: string, args: object, more: object = {}) => ({
      ...{ jsonrpc: "2.0", id, method: "tools/call" },
      params: { name, arguments: args, ...more },
    });
    const create = (id: number, name: string, more: object = {}) =>
      tool(id, "customers_create", { name, email: `${name}@example.com` }, more);
    const made = async (name: string) => {
      const [{ result }] = bodyOf(
        await post(t, key, [tool(1, "customers_search", { text: name })]),
      ) as [{ result: { structuredContent: { items: unknown[] } } }];
      return result.structuredContent.items.length;
    };
    const told = async (batch: object[], idempotencyKey: string, as = key) =>
      bodyOf(await post(t, as, batch, { "idempotency-key": idempotencyKey })) as {
        error?: { code: number; message: string };
        result?: { isError?: boolean; _meta?: object };
      }[];

    test("two writes are refused, and neither runs; what reads is answered", async () => {
      const [first, read, second] = await told(
        [create(1, "one"), tool(2, "customers_search", {}), create(3, "two")],
        "batch-key-1",
      );
      for (const refused of [first, second]) {
        expect(refused?.error?.code).toBe(-32602);
        expect(refused?.error?.message).toContain("Idempotency-Key covers one message");
      }
      expect(read?.result).toBeDefined();
      expect([await made("one"), await made("two")]).toEqual([0, 0]);
    });

    test("an action is a write too", async () => {
      const batch = [create(1, "act"), tool(2, "customers_import", { lines: "" })];
      const codes = (await told(batch, "batch-key-2")).map(({ error }) => error?.code);
      expect(codes).toEqual([-32602, -32602]);
    });

    test("one write among reads has it", async () => {
      const batch = [tool(1, "customers_search", {}), create(2, "alone"), { ...ping, id: 3 }];
      await told(batch, "batch-key-3");
      const [, again] = await told(batch, "batch-key-3");
      expect(again?.result?._meta).toMatchObject({ "toolgate/replayed": true });
      expect(await made("alone")).toBe(1);
    });

    test("writes with keys of their own need no header", async () => {
      const own = (one: string) => ({ _meta: { "toolgate/idempotencyKey": one } });
      const batch = [create(1, "first", own("own-key-1")), create(2, "second", own("own-key-2"))];
      expect((await post(t, key, batch)).status).toBe(200);
      expect([await made("first"), await made("second")]).toEqual([1, 1]);
    });

    test("what the caller may not use reads like what is not there", async () => {
      const { key: clerk } = await issueKey(t, { tools: ["customers_create"] });
      for (const [at, other] of ["stock_adjust", "nonesuch", "customers_get"].entries()) {
        const name = `solo${String(at)}`;
        const replies = await told(
          [create(1, name), tool(2, other, {})],
          `solo-key-${name}`,
          clerk,
        );
        expect(replies.map(({ error }) => error?.message)).toEqual([
          undefined,
          `Unknown tool: ${other}`,
        ]);
        expect(await made(name)).toBe(1);
      }
    });
  });
});
