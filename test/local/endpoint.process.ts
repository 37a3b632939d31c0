/** The endpoint of `npm start` from outside: what it answers and refuses. */
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { rpc, run, send, server } from "./asked";

describe("the endpoint", () => {
  test("speaks MCP", async () => {
    const initialized = await rpc(server, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
    expect(initialized.result.serverInfo.name).toBe("toolgate-erp");
    const { tools } = (await rpc(server, "tools/list")).result;
    expect(tools.map(({ name }: { name: string }) => name)).toContain("orders_create");
    const found = await rpc(server, "tools/call", {
      name: "products_search",
      arguments: { text: "bolt" },
    });
    expect(found.result.structuredContent.items.length).toBeGreaterThan(0);
  });

  test.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
    "refuses the argument %s, which every object has",
    async (extra) => {
      const nested = { lines: [{ productId: "x", quantity: 1, [extra]: 1 }] };
      for (const [name, args, at] of [
        ["products_search", { text: "bolt", [extra]: { role: "admin" } }, ""],
        ["orders_create", { customerId: "x", idempotencyKey: "k", ...nested }, "lines.0."],
      ] as const) {
        const { result } = await rpc(server, "tools/call", { name, arguments: args });
        expect(result.isError).toBe(true);
        expect(result.content[0].text).toMatch(/^invalid_arguments: /);
        expect(result.content[0].text).toContain(`${at}${extra}: no such argument`);
      }
    },
  );

  test.each([
    ["another Host", { Host: "rebound.example" }],
    ["an unknown Origin", { Origin: "https://evil.example" }],
  ])("refuses %s, so the headers arrive as they were sent", async (_, headers) => {
    expect((await send(server.url, { headers, body: "{}" })).status).toBe(403);
  });

  test.each([
    ["its own authority", "127.0.0.1", "rebound.example", 401],
    ["a foreign authority", "rebound.example", "127.0.0.1", 403],
    ["a user in the authority", "me@127.0.0.1", "127.0.0.1", 400],
  ])("judges a target with %s by it and not by the Host", async (_, authority, host, status) => {
    const { port } = new URL(server.url);
    const at = (path: string, name: string) => ({
      path: `http://${authority}:${port}${path}`,
      headers: { Host: `${name}:${port}`, Authorization: "Bearer none" },
    });
    expect((await send(server.url, { ...at("/mcp", host), body: "{}" })).status).toBe(status);
    expect((await send(server.url, at("/_local/run?a", host))).status).toBe(status);
  });

  test("takes its own origin", async () => {
    const { origin } = new URL(server.url);
    const { status, headers } = await send(server.url, {
      method: "OPTIONS",
      headers: { Origin: origin },
    });
    expect([status, headers["access-control-allow-origin"]]).toEqual([204, origin]);
  });

  test("writes the caller's address into the audit log", async () => {
    await rpc(server, "tools/list");
    const { body } = await run({ function: "toolgate/admin:listAudit", args: { limit: 1 } });
    expect(JSON.parse(body).value.entries[0].ip).toBe("127.0.0.1");
  });
});

describe("streams", () => {
  test("that clients leave at any moment do not end the server", async () => {
    const { hostname, port } = new URL(server.url);
    const message = JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
      params: { name: "orders_list", arguments: {}, _meta: { progressToken: 1 } },
    });
    const head = [
      "POST /mcp HTTP/1.1",
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${server.keyOf("viewer")}`,
      "Content-Type: application/json",
      "Accept: text/event-stream",
      `Content-Length: ${String(message.length)}`,
    ].join("\r\n");
    const leave = (sent: string, afterMs: number) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(sent);
          setTimeout(() => socket.resetAndDestroy(), afterMs);
        });
        socket.on("error", () => undefined);
        socket.on("close", () => {
          resolve();
        });
      });
    const whole = `${head}\r\n\r\n${message}`;
    const attempts = Array.from({ length: 40 }, (_, i) =>
      leave(i % 4 === 0 ? whole.slice(0, -9) : whole, i % 10),
    );
    await Promise.all(attempts);
    expect((await rpc(server, "ping")).result).toEqual({});
    expect(server.output().stderr).not.toContain("unhandled");
  });
});
