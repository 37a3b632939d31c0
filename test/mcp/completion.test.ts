/**
 * completion/complete, logging/setLevel, and what the server says it has.
 *
 * @spec MCP 2025-11-25 server/utilities/completion
 * @spec MCP 2026-07-28 server/utilities/completion
 * @spec MCP 2025-11-25 server/utilities/logging
 */
import { beforeEach, describe, expect, test } from "vitest";
import { insertCustomer } from "../../convex/erp/customerRows";
import { insertProduct } from "../../convex/erp/products";
import { LOG_LEVELS } from "../../src/data/logLevel";
import { issueKey, newServer, post, rows, rpc } from "../support/gate";
import { CAPABILITIES_KEY, MODERN, modernHeaders, modernRpc, VERSION_KEY } from "../support/speak";
import { within } from "../support/within";
import { audited, modernNamed, newCountedBackend, newDemo, rowsOf } from "../support/demoApp";

const calls: string[] = [];
const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

const SKU = { type: "ref/resource", uri: "erp://products/{sku}" };
const NUMBER = { type: "ref/resource", uri: "erp://invoices/{number}" };
const DUNNING = { type: "ref/prompt", name: "dunning_letter" };
const REVIEW = { type: "ref/prompt", name: "order_review" };

const complete = (key: string, ref: unknown, argument: unknown, backend = t) =>
  rpc(backend, key, "completion/complete", { ref, argument });

const offered = async (key: string, ref: object, name: string, value: string, backend = t) => {
  const { json, text } = await complete(key, ref, { name, value }, backend);
  if (json.error !== undefined) throw new Error(text);
  return json.result!.completion as { values: string[]; hasMore?: boolean };
};

describe("completion/complete", () => {
  test.each(["", "A", "ACM-1", "ACM-10", "ACM-101", "ACM-1011", "GLX", "acm", "-101"])(
    "SKUs that begin with %j",
    async (value) => {
      const all = (await rowsOf(t, "products")).map(({ sku }) => sku).sort();
      const values = all.filter((sku) => sku.startsWith(value));
      expect(await offered(keys.admin, SKU, "sku", value)).toEqual({ values, hasMore: false });
    },
  );

  test.each(["", "INV", "INV-00000", "INV-000001", "inv", "SO"])(
    "invoice numbers that begin with %j",
    async (value) => {
      const all = (await rowsOf(t, "invoices")).map(({ number }) => number).sort();
      const values = all.filter((number) => number.startsWith(value));
      expect(await offered(keys.admin, NUMBER, "number", value)).toEqual({
        ...{ values, hasMore: false },
      });
    },
  );

  test("all customers, or those with words that begin so", async () => {
    const names = (await rowsOf(t, "customers")).map(({ name }) => name);
    const all = await offered(keys.admin, DUNNING, "customer", "");
    expect([...all.values].sort()).toEqual([...names].sort());
    for (const [value, stem] of [
      ["nord", "Nordlicht"],
      ["MULLER", "Müller"],
      ["Van D", "Van Dijk"],
    ] as const) {
      const { values } = await offered(keys.admin, DUNNING, "customer", value);
      expect([...values].sort()).toEqual(names.filter((name) => name.startsWith(stem)).sort());
      expect(values).toHaveLength(3);
    }
    expect((await offered(keys.admin, DUNNING, "customer", "nobody")).values).toEqual([]);
  });

  test.each([
    ["", ["draft", "confirmed", "invoiced", "cancelled"]],
    ["c", ["confirmed", "cancelled"]],
    ["DRA", ["draft"]],
    ["drafts", []],
    ["x", []],
  ])("order states that begin with %j", async (value, values) => {
    expect(await offered(keys.admin, REVIEW, "status", value)).toEqual({ values, hasMore: false });
  });

  test("never what is another tenant's", async () => {
    const everything = async (key: string) =>
      (
        await Promise.all([
          offered(key, SKU, "sku", ""),
          offered(key, DUNNING, "customer", ""),
          offered(key, DUNNING, "customer", "office"),
        ])
      ).flatMap(({ values }) => values);
    const [ours, theirs] = [await everything(keys.admin), await everything(keys.globex)];
    expect(theirs.length).toBeGreaterThan(100);
    expect(ours.filter((value) => theirs.includes(value))).toEqual([]);
    expect((await offered(keys.admin, SKU, "sku", "GLX")).values).toEqual([]);
    expect((await offered(keys.admin, DUNNING, "customer", "Pine Ridge")).values).toEqual([]);
  });

  test("100 values at most, and says if there are more", async () => {
    const server = await newServer();
    const { key } = await issueKey(server);
    const tenant = (await rows(server, "tenants"))[0]!;
    const add = (from: number, to: number) =>
      server.run(async (ctx) => {
        for (let i = from; i < to; i++) {
          const name = `Name ${String(i)}`;
          const sku = `S${String(1000 + i)}`;
          await insertProduct(within(ctx, tenant), { sku, name, unitPriceMinor: 1 });
          await insertCustomer(within(ctx, tenant), { name, email: `${String(i)}@x.example` });
        }
      });
    const looks = [
      [SKU, "sku", "S"],
      [SKU, "sku", ""],
      [DUNNING, "customer", ""],
      [DUNNING, "customer", "name"],
    ] as const;
    await add(0, 100);
    for (const [ref, name, value] of looks) {
      const { values, hasMore } = await offered(key, ref, name, value, server);
      expect([new Set(values).size, hasMore]).toEqual([100, false]);
    }
    await add(100, 250);
    for (const [ref, name, value] of looks) {
      const { values, hasMore } = await offered(key, ref, name, value, server);
      expect([new Set(values).size, hasMore]).toEqual([100, true]);
    }
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["null", null],
    ["text", "ref/prompt"],
    ["of no type", { name: "dunning_letter" }],
    ["of another type", { type: "ref/tool", name: "customers_get" }],
    ["a prompt without a name", { type: "ref/prompt" }],
    ["a prompt by URI", { type: "ref/prompt", uri: "erp://overview" }],
    ["a resource without a URI", { type: "ref/resource", name: "overview" }],
    ["a resource with a number", { type: "ref/resource", uri: 1 }],
    ["an array", [DUNNING]],
  ])("a ref that is %s: -32602, and nothing runs", async (_what, ref) => {
    const { json } = await complete(keys.admin, ref, { name: "customer", value: "" });
    expect(json.error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('"ref" must'),
    });
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["null", null],
    ["text", "customer"],
    ["without a name", { value: "" }],
    ["without a value", { name: "customer" }],
    ["a number for a value", { name: "customer", value: 1 }],
    ["null for a value", { name: "customer", value: null }],
    ["a number for a name", { name: 1, value: "" }],
  ])("an argument that is %s: -32602", async (_what, argument) => {
    const { json } = await complete(keys.admin, DUNNING, argument);
    expect(json.error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('"argument" must be an object'),
    });
  });

  test("of an unknown or forbidden ref is what reading it is", async () => {
    const argument = { name: "customer", value: "" };
    const code = async (key: string, ref: object) =>
      (await complete(key, ref, argument)).json.error;
    const unknown = { code: -32602, message: "Unknown prompt: nonesuch" };
    expect(await code(keys.admin, { type: "ref/prompt", name: "nonesuch" })).toEqual(unknown);
    for (const key of [keys.warehouse, keys.toolsOnly]) {
      expect(await code(key, DUNNING)).toEqual({
        ...unknown,
        message: "Unknown prompt: dunning_letter",
      });
      expect(await code(key, NUMBER)).toEqual({
        ...{ code: -32002, message: "Resource not found", data: { uri: NUMBER.uri } },
      });
    }
    expect((await code(keys.admin, { type: "ref/resource", uri: "x:{y}" }))?.code).toBe(-32002);
  });

  test.each(["nonesuch", "", "constructor", "principal", "__proto__"])(
    "a prompt has no argument %j: -32602",
    async (name) => {
      const { json } = await complete(keys.admin, DUNNING, { name, value: "" });
      expect(json.error).toMatchObject({
        code: -32602,
        message: expect.stringContaining(JSON.stringify(name)),
      });
    },
  );

  test("a template has no variable of that name: -32602", async () => {
    const { json } = await complete(keys.admin, SKU, { name: "nonesuch", value: "" });
    expect(json.error?.code).toBe(-32602);
  });

  test("what follows the beginning may be any sign", async () => {
    const server = await newServer();
    const { key } = await issueKey(server);
    const tenant = (await rows(server, "tenants"))[0]!;
    for (const sku of ["A🔩", "A\uffee", "A𠮷"])
      await server.run((ctx) =>
        insertProduct(within(ctx, tenant), { sku, name: "N", unitPriceMinor: 1 }),
      );
    expect((await offered(key, SKU, "sku", "A", server)).values).toHaveLength(3);
  });

  test("a value that is cut in the middle of a sign is still text", async () => {
    const value = `${"x".repeat(255)}🔩`;
    for (const [ref, name] of [
      [SKU, "sku"],
      [DUNNING, "customer"],
    ] as const)
      expect((await offered(keys.admin, ref, name, value)).values).toEqual([]);
  });

  test("a long or odd value offers nothing and breaks nothing", async () => {
    for (const value of ["x".repeat(10_000), "\u0000", "\uffff", "'; --", "%", "(", "\n"]) {
      expect((await offered(keys.admin, SKU, "sku", value)).values).toEqual([]);
    }
  });

  test("2026-07-28, and the context of earlier arguments is let through", async () => {
    const argument = { name: "sku", value: "ACM-4" };
    const params = { ref: SKU, argument, context: { arguments: { a: "b" } } };
    const { status, json } = await modernNamed(t, keys.admin, "completion/complete", params);
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      resultType: "complete",
      completion: { values: ["ACM-401", "ACM-402", "ACM-403", "ACM-404"], hasMore: false },
    });
    expect(json.result).not.toHaveProperty("ttlMs");
  });

  test("costs the admission and one query, and is one audit row that keeps no typed text", async () => {
    const argument = { name: "customer", value: "Nordlicht" };
    const added = await audited(t, () => complete(keys.admin, DUNNING, argument));
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
    expect(added).toEqual([
      expect.objectContaining({ method: "completion/complete", target: "dunning_letter" }),
    ]);
    expect(JSON.stringify(added)).not.toContain("Nordlicht");
  });
});

describe("logging", () => {
  test.each(LOG_LEVELS)("setLevel %s: {}", async (level) => {
    const { text } = await rpc(t, keys.admin, "logging/setLevel", { level });
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
  });

  test.each([undefined, null, 1, "", "INFO", "warn", "trace", "constructor", ["info"]])(
    "setLevel %j: -32602",
    async (level) => {
      const { json } = await rpc(t, keys.admin, "logging/setLevel", { level });
      expect(json.error).toEqual({
        code: -32602,
        message: `Invalid params: "level" must be one of ${LOG_LEVELS.join(", ")}`,
      });
    },
  );

  test("2026-07-28 has no setLevel", async () => {
    const { status, json } = await modernNamed(t, keys.admin, "logging/setLevel", {
      level: "info",
    });
    expect([status, json.error?.code]).toEqual([404, -32601]);
  });

  const withLevel = (level: unknown) => {
    const _meta = {
      [VERSION_KEY]: MODERN,
      [CAPABILITIES_KEY]: {},
      "io.modelcontextprotocol/logLevel": level,
    };
    const message = { jsonrpc: "2.0", id: 1, method: "prompts/list", params: { _meta } };
    return post(t, keys.admin, message, modernHeaders("prompts/list"));
  };

  test.each(LOG_LEVELS)("2026-07-28 takes logLevel %s", async (level) => {
    expect((await withLevel(level)).status).toBe(200);
  });

  test.each([null, 1, "", "INFO", "warn", ["info"]])("logLevel %j: -32602", async (level) => {
    const { status, json } = await withLevel(level);
    expect([status, json.error?.code]).toEqual([400, -32602]);
    expect(json.error?.message).toContain("logLevel");
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });
});

describe("capabilities", () => {
  const capabilities = { tools: {}, resources: {}, prompts: {}, completions: {} };

  test.each(["2025-03-26", "2025-06-18", "2025-11-25"])("initialize, %s", async (version) => {
    const { json } = await rpc(t, keys.admin, "initialize", { protocolVersion: version });
    expect(json.result?.capabilities).toEqual({
      ...{ ...capabilities, logging: {} },
      extensions: { "io.modelcontextprotocol/ui": {} },
    });
  });

  test("server/discover names all of these, and tasks", async () => {
    const { json } = await modernRpc(t, keys.admin, "server/discover");
    expect(json.result?.capabilities).toMatchObject({
      ...capabilities,
      extensions: { "io.modelcontextprotocol/tasks": {} },
    });
  });

  test("server/discover names logging, which it has", async () => {
    const { json } = await modernRpc(t, keys.admin, "server/discover");
    expect(json.result?.capabilities).toHaveProperty("logging");
  });

  test("what is named is served, in both eras", async () => {
    for (const method of ["resources/list", "resources/templates/list", "prompts/list"]) {
      expect((await rpc(t, keys.admin, method)).json).toHaveProperty("result");
      expect((await modernRpc(t, keys.admin, method)).json).toHaveProperty("result");
    }
  });
});
