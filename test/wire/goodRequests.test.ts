/**
 * Requests at the edge of what is allowed are answered.
 *
 * @spec RFC 8259 section 9
 * @spec JSON-RPC 2.0 section 4
 */
import { describe, expect, test } from "vitest";
import { modernHeaders, modernMessage } from "../support/speak";
import { ping } from "./bad/row";
import { goodAccepts, goodContentTypes } from "./goodForms";
import { good, sendBad } from "./setup";

describe("good ones among them", () => {
  test.each(goodContentTypes)("Content-Type %s", async (type) => {
    expect((await sendBad({ headers: { "content-type": type } })).status).toBe(200);
  });

  test.each(goodAccepts)("Accept %s", async (accept) => {
    expect((await sendBad({ headers: { accept } })).status).toBe(200);
  });

  test("no Accept", async () => {
    expect((await sendBad({ headers: { accept: null } })).status).toBe(200);
  });

  test.each(["Bearer", "bearer", "BEARER", "Bearer  "])("%s as the scheme", async (scheme) => {
    const headers = { authorization: `${scheme} ${good.key}` };
    expect((await sendBad({ headers })).status).toBe(200);
  });

  test("Content-Encoding identity", async () => {
    expect((await sendBad({ headers: { "content-encoding": "Identity" } })).status).toBe(200);
  });

  test("exactly 1 MiB, and nested 64 deep", async () => {
    const nested = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(62)}${"]".repeat(62)}}}`;
    expect((await sendBad({ body: nested.padEnd(1024 * 1024) })).status).toBe(200);
  });

  test("no Origin", async () => {
    expect((await sendBad({ headers: { origin: null } })).status).toBe(200);
  });
});

describe("headers that were sent twice", () => {
  const twice = (value: string) => `${value}, ${value}`;

  test.each(["2025-11-25", "2025-06-18", "2025-03-26"])("MCP-Protocol-Version %s", async (one) => {
    const headers = { "mcp-protocol-version": twice(one) };
    expect((await sendBad({ headers })).status).toBe(200);
  });

  test("all those of 2026-07-28", async () => {
    const uri = "erp://products/a, b";
    const body = modernMessage("resources/read", { uri });
    const headers = Object.fromEntries(
      Object.entries(modernHeaders("resources/read", uri)).map(([name, one]) => [name, twice(one)]),
    );
    // The resource is not there, which only a call that was let in reads.
    expect((await sendBad({ body, headers })).json.error?.message).toBe("Resource not found");
  });

  test.each(["2025-11-25, 2025-06-18", "2026-07-28, 2025-11-25", "2025-11-25,"])(
    "different values are refused by name: %s",
    async (version) => {
      const { status, json } = await sendBad({ headers: { "mcp-protocol-version": version } });
      expect([status, json.error?.code]).toEqual([400, -32600]);
      expect(json.error?.message).toContain("header MCP-Protocol-Version was sent more than once");
    },
  );

  test("Mcp-Session-Id: equal ones are one, different ones are refused by name", async () => {
    const params = { protocolVersion: "2025-11-25", capabilities: { elicitation: {} } };
    const { headers } = await sendBad({ body: { ...ping, method: "initialize", params } });
    const id = headers.get("mcp-session-id")!;
    const name = "customers_import";
    const body = { ...ping, method: "tools/call", params: { name, arguments: { lines: "" } } };
    const told = (session: string) => sendBad({ body, headers: { "mcp-session-id": session } });
    expect((await told(twice(id))).json.result).toBeDefined();
    const { status, json } = await told(`${id}, ${id.slice(1)}`);
    expect([status, json.error?.code]).toEqual([400, -32600]);
    expect(json.error?.message).toContain("header Mcp-Session-Id was sent more than once");
  });
});
