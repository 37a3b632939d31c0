/** `npm start` from outside: what it prints, answers and refuses, and how it ends. */
import { readdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminRoute } from "../../local/adminRoute";
import {
  bash,
  ended,
  launchServer,
  newFolder,
  removeFolder,
  running,
  startJson,
  stopAll,
} from "../support/processes";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads answers as JSON
type Json = any;

/** Each start of a process takes seconds, and more where other test files run beside this one. */
vi.setConfig({ testTimeout: 60_000 });

type Server = Awaited<ReturnType<typeof startJson>>;

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await newFolder();
  server = await startJson(folder);
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

const stateFiles = () => readdir(path.join(folder, ".toolgate"));

const rpc = async ({ url, keyOf }: Server, method: string, params: object = {}) => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${keyOf("sales")}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return { status: response.status, ...((await response.json()) as { result: Json }) };
};

interface Raw {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `fetch` sets Host and Origin itself; this one sends what it is told. */
const send = (to: string, { method = "POST", path: target, headers, body }: Raw) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { hostname, port, pathname } = new URL(to);
      const outgoing = request(
        { hostname, port, method, path: target ?? pathname, headers },
        (incoming) => {
          const { statusCode: status = 0, headers: received } = incoming;
          text(incoming).then((got) => {
            resolve({ status, headers: received, body: got });
          }, reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    },
  );

describe("the line of --json", () => {
  test("has the endpoint, a key per tenant and role, and the operator's way in", () => {
    const { url, keys, admin } = server;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect(keys).toHaveLength(10);
    expect(new Set(keys.map(({ tenant, role }) => `${tenant} ${role}`)).size).toBe(10);
    expect(keys.every(({ key }) => key.startsWith("cvxmcp_test_"))).toBe(true);
    expect(admin!.url).toBe(url.replace(/mcp$/, "_local/run"));
    expect(server.output().stdout.match(/\n/g)).toHaveLength(1);
  });

  test("stands in .toolgate/ too, for this user only", async () => {
    const { url, admin } = server;
    const [name = ""] = await stateFiles();
    const file = path.join(folder, ".toolgate", name);
    const state = JSON.parse(await readFile(file, "utf8"));
    expect(state).toEqual({ url, admin, pid: expect.any(Number), startedAt: expect.any(Number) });
    expect(name).toBe(`local-${state.pid}.json`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

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

const run = (body: unknown, headers: Record<string, string> = {}, rest: Raw = {}) =>
  send(server.admin!.url, {
    headers: {
      Authorization: `Bearer ${server.admin!.token}`,
      "Content-Type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...rest,
  });

describe("the operator's route", () => {
  const tenants = { function: "erp/tenants:list", args: {} };

  test.each([
    ["a query", tenants],
    ["a query, arguments left out", { function: "erp/tenants:list" }],
    ["an action", { function: "toolgate/admin:verifyKey", args: { key: "x" } }],
    ["a mutation", { function: "toolgate/jobs:sweep", args: {} }],
  ])("runs %s", async (_, body) => {
    const { status, body: answer } = await run(body);
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toHaveProperty("value");
  });

  test.each<[string, number, string, unknown, Record<string, string>?, Raw?]>([
    ["a wrong token", 401, "unauthorized", tenants, { Authorization: "Bearer nope" }],
    ["no token", 401, "unauthorized", tenants, { Authorization: "" }],
    [
      "a key in place of the token",
      401,
      "unauthorized",
      tenants,
      { Authorization: "Bearer cvxmcp" },
    ],
    ["another Host", 403, "forbidden", tenants, { Host: "rebound.example" }],
    ["an Origin, its own even", 403, "forbidden", tenants, { Origin: "http://127.0.0.1:3211" }],
    ["an opaque Origin", 403, "forbidden", tenants, { Origin: "null" }],
    ["another path", 404, "not_found", tenants, {}, { path: "/_local/other" }],
    ["GET", 405, "method_not_allowed", "", {}, { method: "GET" }],
    ["no JSON", 400, "malformed", "{"],
    ["no JSON by its Content-Type", 400, "malformed", tenants, { "Content-Type": "text/plain" }],
    ["a list", 400, "malformed", []],
    ["no function", 400, "malformed", { args: {} }],
    ["a function that is no text", 400, "malformed", { function: 1, args: {} }],
    ["arguments that are no object", 400, "malformed", { ...tenants, args: [] }],
    ["another member", 400, "malformed", { ...tenants, identity: {} }],
    ["an unknown function", 400, "unknown_function", { function: "toolgate/admin:nope" }],
    ["an unknown module", 400, "unknown_function", { function: "nope:list" }],
    ["a module without a name", 400, "unknown_function", { function: "" }],
    ["a path out of convex/", 400, "unknown_function", { function: "../src/tables:keys" }],
    ["an export that is no function", 400, "unknown_function", { function: "tools:tools" }],
    ["an HTTP action", 400, "unknown_function", { function: "http:default" }],
    ["a name every object has", 400, "unknown_function", { function: "toolgate/admin:toString" }],
    [
      "wrong arguments",
      400,
      "invalid_arguments",
      { function: "toolgate/admin:getKey", args: { keyId: 1 } },
    ],
    ["unknown arguments", 400, "invalid_arguments", { ...tenants, args: { a: 1 } }],
    [
      "a name every object has as an argument",
      400,
      "invalid_arguments",
      { ...tenants, args: { toString: 1 } },
    ],
    [
      "a wrong value in a record",
      400,
      "invalid_arguments",
      {
        function: "toolgate/admin:createKey",
        args: { tenant: "acme", role: "sales", name: "x", fixed: { orders_list: 1 } },
      },
    ],
    ["no Convex value", 400, "invalid_arguments", { ...tenants, args: { a: { $integer: 1 } } }],
    [
      "a ConvexError",
      400,
      "not_found",
      { function: "toolgate/admin:getKey", args: { keyId: "nope" } },
    ],
  ])("refuses %s", async (_, status, code, body, headers, rest) => {
    const answer = await run(body, headers, rest);
    expect(answer.status).toBe(status);
    const { error } = JSON.parse(answer.body);
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/\bat .*:\d+:\d+/);
  });
});

test("what goes wrong inside a function is for the log", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const route = adminRoute(() => Promise.reject(new Error("the inside")), "t");
  const request = new Request("http://127.0.0.1:3211/_local/run", {
    method: "POST",
    headers: {
      Host: "127.0.0.1:3211",
      Authorization: "Bearer t",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ function: "toolgate/admin:listKeys" }),
  });
  const elsewhere = { ip: "192.0.2.1", userAgent: null };
  expect((await route(request.clone(), elsewhere)).status).toBe(403);
  const response = await route(request, { ip: "127.0.0.1", userAgent: null });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: { code: "internal", message: "The function failed; the server's log says why" },
  });
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
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

describe("the banner", () => {
  test("has lines that work as they are", async () => {
    const place = await newFolder();
    const human = await running(launchServer(place, []), /Ctrl-C/);
    const { stdout } = human.output();
    const lines = stdout.match(/^curl .*$/gm)!;
    const answers = await Promise.all(lines.map(bash));
    const codes = answers.map(({ code, stderr }) => [code, stderr]);
    expect(codes).toEqual(Array(4).fill([0, ""]));
    const [tools, read, written, streamed] = answers.map((answer) => answer.stdout);
    expect(JSON.parse(tools!).result.tools.length).toBeGreaterThan(5);
    expect(JSON.parse(read!).result.structuredContent.items.length).toBeGreaterThan(0);
    expect(JSON.parse(written!).result.structuredContent.name).toBe("Ada Lovelace");
    expect(streamed).toMatch(/^: open\n\nevent: message\ndata: .*"notifications\/progress"/);
    expect(streamed).toMatch(/\ndata: .*"result":.*"period":"\d{4}-\d\d"/);
    const again = JSON.parse((await bash(lines[2]!)).stdout).result;
    expect(again.structuredContent).toEqual(JSON.parse(written!).result.structuredContent);
    const id = expect.stringMatching(/^[\da-f-]{36}$/) as string;
    expect(again._meta).toEqual({
      "toolgate/replayed": true,
      "toolgate/operation": id,
      "toolgate/original": JSON.parse(written!).result._meta["toolgate/operation"],
    });
    expect(stdout).toMatch(
      /^claude mcp add --transport http toolgate http:\/\/127\.0\.0\.1:\d+\/mcp$/m,
    );
    expect(stdout).toContain("in memory");
    expect(await human.stop("SIGINT")).toBe(0);
    await removeFolder(place);
  });
});

describe.concurrent("starting", () => {
  const attempt = (args: string[], env: Record<string, string>) =>
    ended(launchServer(folder, args, env));

  test("says so when the port is taken", async () => {
    const { port } = new URL(server.url);
    const { code, stdout, stderr } = await attempt(["--json"], { PORT: port });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`Port ${port} is in use; set PORT to another one\n`);
  });

  test.each([
    ["a port out of range", [], { PORT: "65536" }, /^PORT must be a number from 0 to 65535/],
    ["an unknown flag", ["--jsn"], {}, /unknown option '--jsn'/],
  ])("refuses %s", async (_, args, env, reason) => {
    const { code, stdout, stderr } = await attempt(args, env);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(reason);
  });

  test("explains itself", async () => {
    const { code, stdout } = await attempt(["--help"], {});
    expect(code).toBe(0);
    expect(stdout).toContain("PORT");
  });

  test("on every interface warns, and has no operator's route", async () => {
    const place = await newFolder();
    const open = await startJson(place, { HOST: "0.0.0.0" });
    expect(open.admin).toBeUndefined();
    expect(open.output().stderr).toContain("Warning: other machines can reach");
    const here = open.url.replace("0.0.0.0", "127.0.0.1");
    const body = JSON.stringify({ function: "toolgate/admin:listKeys" });
    const { status } = await send(here, { path: "/_local/run", body });
    expect(status).toBe(404);
    expect((await rpc({ ...open, url: here }, "ping")).result).toEqual({});
    await open.stop();
    await removeFolder(place);
  });
});

describe("stopping", () => {
  test("removes its own file", async () => {
    expect(await server.stop("SIGINT")).toBe(0);
    expect(await stateFiles()).toEqual([]);
  });
});
