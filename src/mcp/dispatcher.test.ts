/** The dispatcher with a stub for Convex: what is asked of it, and what each message is answered with. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { getFunctionName, type FunctionReference } from "convex/server";
import type { Toolgate } from "../registry/toolgate";
import { Overloaded, runnerOf } from "../runner/runner";
import { ErrorCode, RpcError } from "../wire/jsonrpc";
import { receive, reply, toReply } from "./dispatcher";
import type { Incoming } from "./exchange";

const context = {
  principal: { subject: "s", tenant: "acme", role: "clerk", keyId: "k" },
  rights: { permissions: [] },
};

const app: Toolgate = {
  ...{ name: "n", version: "1", dir: "glue", permissions: [], roles: () => ({}), tools: {} },
};

/** @param admission - what `admit` answers. */
const incomingWith = (admission: object = { context }, headers: Record<string, string> = {}) => {
  const calls: string[] = [];
  const admitted: unknown[] = [];
  const run = async (ref: FunctionReference<"query">, args: { call?: object }) => {
    const name = getFunctionName(ref);
    calls.push(name);
    if (args.call !== undefined) admitted.push(args.call);
    return name === "glue/gate:admit" ? admission : [];
  };
  const request = new Request("https://a.example/mcp", { method: "POST", headers });
  const ctx = { evidence: {} };
  const runner = runnerOf({ runQuery: run, runMutation: run } as never);
  const incoming: Incoming = { app, ctx, runner, request, receivedAt: 0 };
  return { incoming, calls, admitted };
};

const ask = async (message: object, admission?: object, headers?: Record<string, string>) => {
  const { incoming, calls } = incomingWith(admission, headers);
  const exchange = await receive(incoming, { jsonrpc: "2.0", ...message });
  const { status, body } = await reply(exchange);
  return { status, calls, json: body === undefined ? undefined : (JSON.parse(body) as unknown) };
};

afterEach(() => vi.restoreAllMocks());

test("a request is admitted once, and answered under its id", async () => {
  const { status, calls, json } = await ask({ id: "a", method: "tools/list" });
  expect([status, calls]).toEqual([200, ["glue/gate:admit", "glue/catalog:list"]]);
  expect(json).toEqual({ jsonrpc: "2.0", id: "a", result: { tools: [] } });
});

test("a notification is admitted and accepted, whatever it is called", async () => {
  const { status, calls, json } = await ask({ method: "notifications/whatever" });
  expect([status, calls, json]).toEqual([202, ["glue/gate:admit"], undefined]);
});

test("a client's response is handed to whoever waits for it", async () => {
  const { status, calls } = await ask({ id: "q-1", result: { action: "accept" } });
  expect([status, calls]).toEqual([202, ["glue/gate:admit", "glue/jobs:respond"]]);
});

test("a response to nothing of ours is forgotten", async () => {
  expect((await ask({ id: 7, result: {} })).calls).toEqual(["glue/gate:admit"]);
});

describe("what is refused", () => {
  const thrown = async (message: object, admission?: object, headers?: Record<string, string>) => {
    const error: unknown = await ask(message, admission, headers).catch((one: unknown) => one);
    if (!(error instanceof RpcError)) throw new Error("was answered");
    return error;
  };

  test("a malformed message is, by the admission, which gets the fault as data", async () => {
    const { incoming, calls, admitted } = incomingWith();
    await expect(receive(incoming, { jsonrpc: "1.0", id: 1, method: "ping" })).rejects.toThrow(
      '"jsonrpc" must be "2.0"',
    );
    expect(calls).toEqual(["glue/gate:admit"]);
    const message = 'Invalid Request: "jsonrpc" must be "2.0"';
    expect(admitted).toEqual([
      {
        ...{ method: "ping", protocol: "2025-03-26", receivedAt: 0 },
        fault: { kind: "malformed", reason: "malformed", code: -32600, status: 400, message },
      },
    ]);
  });

  test("an unknown method is, after the caller is known", async () => {
    const error = await thrown({ id: 1, method: "tools/burn" });
    expect([error.code, error.detail.status]).toEqual([ErrorCode.MethodNotFound, 200]);
    const invalid = { context: {}, refusal: { kind: "invalid_key", reason: "x" } };
    expect((await thrown({ id: 1, method: "tools/burn" }, invalid)).code).toBe(401);
  });

  test("a method of the other era is unknown, with the status of its own era", async () => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "ping" };
    const error = await thrown({ id: 1, method: "ping", params: { _meta } }, undefined, headers);
    expect([error.code, error.detail.status]).toEqual([ErrorCode.MethodNotFound, 404]);
  });
});

describe("toReply", () => {
  test("says what an RpcError says, under the id of the request", () => {
    const error = new RpcError(-32602, "no", { status: 400, data: { a: 1 }, headers: { X: "y" } });
    const { status, headers, body } = toReply(error, 5);
    expect([status, headers]).toEqual([400, { X: "y" }]);
    expect(JSON.parse(body!)).toEqual({
      ...{ jsonrpc: "2.0", id: 5, error: { code: -32602, message: "no", data: { a: 1 } } },
    });
  });

  test("leaves the id out where replies must not differ", () => {
    const { body } = toReply(new RpcError(401, "no", { status: 401, hidesId: true }), 5);
    expect(JSON.parse(body!)).not.toHaveProperty("id");
  });

  test("tells of anything else only an id to quote", () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const { status, body } = toReply(new Error("secret"), 5);
    expect(status).toBe(500);
    expect(body).not.toContain("secret");
    expect(error.mock.calls[0]![0]).toContain("secret");
  });

  test("asks to try again when Convex had no room", () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const { status, headers } = toReply(new Overloaded("Too many concurrent requests"), 5);
    expect([status, headers]).toEqual([
      503,
      { "Retry-After": expect.stringMatching(/^[1-3]$/) as string },
    ]);
  });
});
