/**
 * Notifications and responses are taken and not answered, in both eras.
 *
 * @spec JSON-RPC 2.0 section 4.1
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import { describe, expect, test } from "vitest";
import { post, rows, type Reply } from "../../support/gate";
import { MODERN, modernHeaders, modernMessage } from "../../support/speak";
import { LEGACY, header, key, t } from "./setup";

describe("what is not answered", () => {
  const expectAccepted = ({ status, headers, text }: Reply) => {
    expect([status, text]).toEqual([202, ""]);
    expect(headers.has("content-type")).toBe(false);
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("cache-control")).toBe("no-store");
  };

  test.each([
    ["initialized", { method: "notifications/initialized" }],
    ["initialized with params", { method: "notifications/initialized", params: {} }],
    ["cancelled", { method: "notifications/cancelled", params: { requestId: 1, reason: "x" } }],
    ["progress", { method: "notifications/progress", params: { progressToken: 1, progress: 1 } }],
    ["unknown", { method: "notifications/nope" }],
    ["a request's method without an id", { method: "ping" }],
  ])("a notification: %s", async (_name, message) => {
    for (const headers of [{}, ...LEGACY.map(header), header(MODERN)]) {
      expectAccepted(await post(t, key, { jsonrpc: "2.0", ...message }, headers));
    }
  });

  test("a modern notification with its envelope", async () => {
    const { id: _id, ...message } = modernMessage("notifications/cancelled", { requestId: 1 });
    expectAccepted(await post(t, key, message, modernHeaders("notifications/cancelled")));
  });

  test.each([
    ["a result", { id: 1, result: {} }],
    ["a result to a string", { id: "a", result: { roots: [] } }],
    ["an error", { id: 1, error: { code: -32601, message: "no" } }],
  ])("a posted response: %s", async (_name, message) => {
    for (const headers of [{}, ...LEGACY.map(header)]) {
      expectAccepted(await post(t, key, { jsonrpc: "2.0", ...message }, headers));
    }
  });

  test("but nobody is let in for it", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    expect((await post(t, undefined, notification)).status).toBe(401);
    expect((await post(t, "nope", { jsonrpc: "2.0", id: 1, result: {} })).status).toBe(401);
  });

  test("a tools/call without id has no effect: nobody would learn of it", async () => {
    const before = await rows(t, "customers");
    const call = {
      name: "customers_create",
      arguments: { name: "Nobody", email: "no@example.com" },
    };
    expectAccepted(await post(t, key, { jsonrpc: "2.0", method: "tools/call", params: call }));
    expect(await rows(t, "customers")).toEqual(before);
  });

  test.each([
    ["an unknown tool", { name: "nope" }],
    ["no name", {}],
  ])("a tools/call without id is never answered in-band: %s", async (_name, params) => {
    const { status } = await post(t, key, { jsonrpc: "2.0", method: "tools/call", params });
    expect(status).not.toBe(200);
  });
});
