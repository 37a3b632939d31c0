/** What a request costs: the Convex calls that the HTTP action makes for it. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { bearer, issueKey, newBackend, post, send, type Backend } from "../support/gate";
import { counting, newApp } from "../support/app";

const calls: string[] = [];

let t: Backend;
let admin: string;
let viewer: string;
let unissued: string;

beforeAll(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "100");
  t = newApp({ front: counting(calls) });
  for (const slug of ["acme", "globex"])
    await t.mutation(internal.erp.tenants.create, { slug, name: slug, currency: "EUR" });
  admin = (await issueKey(t)).key;
  viewer = (await issueKey(t, { role: "viewer" })).key;
  const elsewhere = newBackend();
  await elsewhere.mutation(internal.erp.tenants.create, {
    slug: "acme",
    name: "Acme",
    currency: "EUR",
  });
  unissued = (await issueKey(elsewhere)).key;
});

beforeEach(() => {
  calls.length = 0;
});

const message = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 1, method, params });
const call = (name: string, args: object = {}) => message("tools/call", { name, arguments: args });
const customer = { name: "Ada", email: "ada@example.com" };

const modern = (method: string) => ({
  ...message(method, {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  }),
});

test.each<[string, string | undefined, unknown, Record<string, string>, number]>([
  ["broken JSON without a key", undefined, "{", {}, 401],
  ["broken JSON with a junk key", "junk", "{", {}, 401],
  ["no key", undefined, message("ping"), {}, 401],
  ["a junk key", "junk", message("ping"), {}, 401],
  ["a mistyped key", "mistyped", message("ping"), {}, 401],
  ["a foreign origin", "admin", message("ping"), { origin: "https://evil.example" }, 403],
])("%s costs nothing", async (_what, who, body, headers, status) => {
  const keys: Record<string, string> = {
    admin,
    junk: "junk",
    mistyped: admin.slice(0, -1) + (admin.endsWith("A") ? "B" : "A"),
  };
  const reply = await post(t, who === undefined ? undefined : keys[who], body, headers);
  expect([reply.status, calls]).toEqual([status, []]);
});

test.each<[string, unknown, Record<string, string>, number]>([
  ["broken JSON", "{", {}, 400],
  ["duplicate members", '{"jsonrpc":"2.0","jsonrpc":"2.0"}', {}, 400],
  ["no JSON-RPC", { id: 1, method: "ping" }, {}, 400],
  ["an empty batch", [], {}, 400],
  ["initialize in a batch", [message("ping"), message("initialize")], {}, 400],
  ["another content type", message("ping"), { "content-type": "text/plain" }, 415],
  ["a content encoding", message("ping"), { "content-encoding": "gzip" }, 415],
  ["another Accept", message("ping"), { accept: "text/html" }, 406],
  ["a tools/call without a name", message("tools/call", {}), {}, 200],
  ["an unserved revision", message("ping"), { "mcp-protocol-version": "2020-01-01" }, 400],
])("%s costs the admission, whoever sends it", async (_what, body, headers, status) => {
  expect((await post(t, admin, body, headers)).status).toBe(status);
  expect(calls.splice(0)).toEqual(["toolgate/gate:admit"]);
  expect((await post(t, unissued, body, headers)).status).toBe(401);
  expect(calls).toEqual(["toolgate/gate:admit"]);
});

test("a body that is too large costs nothing", async () => {
  expect((await post(t, admin, `"${"x".repeat(1024 * 1024)}"`)).status).toBe(413);
  expect(calls).toEqual([]);
});

test("a preflight costs nothing", async () => {
  await send(t, { method: "OPTIONS" });
  expect(calls).toEqual([]);
});

test("an unknown key costs the admission", async () => {
  expect((await post(t, unissued, message("ping"))).status).toBe(401);
  expect(calls).toEqual(["toolgate/gate:admit"]);
});

test("a wrong secret costs the admission", async () => {
  vi.stubEnv("TOOLGATE_PEPPERS", `test:${"other-".repeat(6)}`);
  expect((await post(t, admin, message("ping"))).status).toBe(401);
  vi.stubEnv("TOOLGATE_PEPPERS", `test:${"pepper-".repeat(6)}`);
  expect(calls).toEqual(["toolgate/gate:admit"]);
});

test("without a pepper nothing is asked", async () => {
  vi.stubEnv("TOOLGATE_PEPPERS", "");
  expect((await post(t, admin, message("ping"))).status).toBe(503);
  vi.stubEnv("TOOLGATE_PEPPERS", `test:${"pepper-".repeat(6)}`);
  expect(calls).toEqual([]);
});

test.each<[string, object, string[]]>([
  ["an unknown tool", call("nonesuch"), []],
  ["a forbidden tool", call("stock_adjust"), []],
  ["initialize", message("initialize", { protocolVersion: "2025-11-25" }), []],
  ["ping", message("ping"), []],
  ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }, []],
  ["a response", { jsonrpc: "2.0", id: 7, result: {} }, []],
  ["an unknown method", message("nonesuch"), []],
  ["tools/list", message("tools/list"), ["toolgate/catalog:list"]],
  ["a query tool", call("customers_search"), ["toolgate/reading:read"]],
  [
    "a query tool that is refused",
    call("customers_get", { customerId: "x" }),
    ["toolgate/reading:read"],
  ],
  ["bad arguments of a query tool", call("customers_get", {}), ["toolgate/reading:read"]],
])("%s costs the admission and no more than one query", async (_what, body, rest) => {
  await post(t, viewer, body);
  expect(calls).toEqual(["toolgate/gate:admit", ...rest]);
});

const costsInModernEra = async (method: string, rest: string[]) => {
  const { status } = await post(t, viewer, modern(method), {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
  });
  expect([status, calls]).toEqual([200, ["toolgate/gate:admit", ...rest]]);
};

test("tools/list in the modern era costs the same", () =>
  costsInModernEra("tools/list", ["toolgate/catalog:list"]));

test("server/discover costs the admission", () => costsInModernEra("server/discover", []));

test("GET with a key costs the admission", async () => {
  expect((await send(t, { method: "GET", headers: bearer(viewer) })).status).toBe(405);
  expect(calls).toEqual(["toolgate/gate:admit"]);
});

test("a mutation tool costs one call: done, refused, explained or replayed", async () => {
  const args = { ...customer, idempotencyKey: "key-12345" };
  for (const body of [
    call("customers_create", args),
    call("customers_create", args),
    call("customers_create", customer),
    call("customers_create", {}),
  ]) {
    calls.length = 0;
    expect((await post(t, admin, body)).status).toBe(200);
    expect(calls).toEqual(["toolgate/gate:admit"]);
  }
});

describe("an action tool", () => {
  const lines = JSON.stringify({ name: "Ida", email: "ida@example.com" });
  const imports = (args: object) => call("customers_import", args);
  const looks = () => calls.filter((name) => name === "toolgate/jobs:watch");

  test.each([
    ["as JSON", "application/json"],
    ["as a stream", "application/json, text/event-stream"],
  ])(
    "costs the admission, looks, and the return of its place: done or refused, %s",
    async (_how, accept) => {
      for (const args of [{ lines }, {}, { lines: "" }]) {
        calls.length = 0;
        expect((await post(t, admin, imports(args), { accept })).status).toBe(200);
        // The first look is at once, the second after a quarter of a second.
        expect(looks().length).toBeGreaterThan(0);
        expect(looks().length).toBeLessThan(6);
        expect(calls).toEqual(["toolgate/gate:admit", ...looks(), "toolgate/jobs:renewLease"]);
      }
    },
  );

  test("costs two calls when it is replayed", async () => {
    const body = imports({ lines, idempotencyKey: "key-12345" });
    await post(t, admin, body);
    calls.length = 0;
    await post(t, admin, body);
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/jobs:renewLease"]);
  });

  test("costs two calls where it is answered with a task, and one look each time it is asked after", async () => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {
        extensions: { "io.modelcontextprotocol/tasks": {} },
      },
    };
    const send = async (method: string, name: string, params: object) => {
      calls.length = 0;
      const { json } = await post(t, admin, message(method, { ...params, _meta: meta }), {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": method,
        "mcp-name": name,
      });
      return json.result!;
    };
    const name = "customers_import";
    const { taskId } = await send("tools/call", name, { name, arguments: { lines } });
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/jobs:watch"]);
    expect(await send("tasks/get", String(taskId), { taskId })).toMatchObject({ taskId });
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/jobs:watch"]);
  });

  test("that is forbidden costs the admission", async () => {
    await post(t, viewer, imports({ lines }));
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });
});

test("an argument that the key does not allow costs one call", async () => {
  const { key } = await issueKey(t, {
    constraints: { orders_confirm: { expectedTotalMinor: { max: 10 } } },
  });
  calls.length = 0;
  await post(t, key, call("orders_confirm", { orderId: "x", expectedTotalMinor: 11 }));
  expect(calls).toEqual(["toolgate/gate:admit"]);
});
