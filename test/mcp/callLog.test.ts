/** The line in the log of which a span can be made: one for each request, and nothing in it that is secret or long. */
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { issueKey, post, rows, type Backend, type Reply } from "../support/gate";
import { newDemo } from "../support/demoApp";
import { newApp as newLongApp } from "../support/longApp";
import { modernHeaders, modernMessage } from "../support/speak";
import { call, open, until } from "../support/streamClient";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";
const traceparent = `00-${TRACE}-${PARENT}-01`;
const other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

let t: Backend;
let key: string;
let lines: string[];

beforeAll(async () => {
  ({ t } = await newDemo());
  ({ key } = await issueKey(t));
});

beforeEach(() => {
  lines = [];
  vi.stubEnv("TOOLGATE_CALL_LOG", "");
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The only line, as the object that it is. */
const span = (): Record<string, unknown> => {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
};

const operationOf = ({ result }: Reply["json"]): string =>
  (result!._meta as Record<string, string>)["toolgate/operation"]!;

const send = (
  method: string,
  params: object,
  headers: Record<string, string> = {},
  id: unknown = 1,
) => post(t, key, { jsonrpc: "2.0", id, method, params }, headers);

test("a call: the conventions' fields, in the trace of _meta before that of the header", async () => {
  const params = { name: "products_search", arguments: { text: "hunter2" } };
  const message = modernMessage("tools/call", params);
  Object.assign(message.params._meta, { traceparent });
  const before = Date.now();
  const { json } = await post(t, key, message, {
    ...modernHeaders("tools/call", params.name),
    traceparent: other,
  });
  const { start_time: start, duration_ms: took, ...told } = span();
  const operation = operationOf(json);
  expect(told).toEqual({
    ...{ name: "tools/call products_search", kind: "SERVER" },
    ...{
      trace_id: TRACE,
      span_id: operation.replaceAll("-", "").slice(16),
      parent_span_id: PARENT,
    },
    "toolgate.operation": operation,
    "mcp.method.name": "tools/call",
    "mcp.protocol.version": "2026-07-28",
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "products_search",
    "jsonrpc.request.id": "1",
  });
  expect(told.span_id).toMatch(/^[\da-f]{16}$/);
  expect(Date.parse(start as string)).toBeGreaterThanOrEqual(before);
  expect(took).toBeGreaterThanOrEqual(0);
  const row = (await rows(t, "toolgateAudit")).find((one) => one.operation === operation);
  expect(row!.traceparent).toBe(traceparent);
});

test.each([
  undefined,
  "nonsense",
  `${traceparent}-more`,
  traceparent.toUpperCase(),
  `00-${"0".repeat(32)}-${PARENT}-01`,
])("a call with the parent %j begins a trace of its own", async (bad) => {
  const { json } = await send(
    "tools/call",
    { name: "products_search", arguments: {} },
    bad === undefined ? {} : { traceparent: bad },
  );
  const operation = operationOf(json);
  expect(span()).toMatchObject({ trace_id: operation.replaceAll("-", "") });
  expect(span()).not.toHaveProperty("parent_span_id");
});

const kinds: [string, object, object][] = [
  ["ping", {}, { name: "ping", "mcp.protocol.version": "2025-03-26" }],
  ["tools/list", {}, { name: "tools/list" }],
  [
    "resources/read",
    { uri: "erp://overview" },
    { name: "resources/read", "mcp.resource.uri": "erp://overview" },
  ],
  [
    "resources/read",
    { uri: "erp://none" },
    {
      "mcp.resource.uri": "erp://none",
      "error.type": "-32002",
      "rpc.response.status_code": "-32002",
    },
  ],
  [
    "prompts/get",
    { name: "none" },
    { name: "prompts/get none", "gen_ai.prompt.name": "none", "error.type": "-32602" },
  ],
  [
    "tools/call",
    { name: "none" },
    { name: "tools/call none", "gen_ai.tool.name": "none", "error.type": "-32602" },
  ],
  ["tools/call", { name: "products_get", arguments: { sku: 5 } }, { "error.type": "tool_error" }],
  [
    "tools/call",
    {},
    { name: "tools/call", "gen_ai.operation.name": "execute_tool", "error.type": "-32602" },
  ],
  [
    "no/such",
    {},
    { name: "no/such", "error.type": "-32601", "rpc.response.status_code": "-32601" },
  ],
];

test.each(kinds)("%s %j", async (method, params, expected) => {
  await send(method, params, { traceparent });
  const told = span();
  expect(told).toMatchObject({ "mcp.method.name": method, trace_id: TRACE, ...expected });
  // A tool that fails has answered all the same.
  if (told["error.type"] === "tool_error")
    expect(told).not.toHaveProperty("rpc.response.status_code");
  // The row of a refusal is found by it too.
  const operations = (await rows(t, "toolgateAudit")).map(({ operation }) => operation);
  expect(operations).toContain(told["toolgate.operation"]);
});

test("a batch has a line for each request, and none for a notification", async () => {
  const one = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
  const note = { jsonrpc: "2.0", method: "notifications/initialized" };
  await post(t, key, [one(1), note, one(2), { jsonrpc: "2.0", id: 3, method: "no/such" }] as never);
  expect(
    lines.map((line) => (JSON.parse(line) as Record<string, unknown>)["jsonrpc.request.id"]),
  ).toEqual(["1", "2", "3"]);
});

describe("no line", () => {
  test("for a caller whose key is not valid", async () => {
    const { key: gone, keyId } = await issueKey(t);
    await t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find((one) => one.keyId === keyId);
      await ctx.db.patch("toolgateKeys", row!._id, { revokedAt: Date.now() });
    });
    for (const bad of [gone, "junk"])
      for (const method of ["ping", "no/such"])
        expect((await post(t, bad, { jsonrpc: "2.0", id: 1, method })).status).toBe(401);
    expect(lines).toEqual([]);
  });

  test("for a notification, a malformed message, and where the operator wants none", async () => {
    await post(t, key, { jsonrpc: "2.0", method: "notifications/initialized" });
    for (const bad of [
      { jsonrpc: "2.0", id: 1 },
      { id: 1, method: 5 },
      { jsonrpc: "2.0", id: 1, method: "ping", params: [] },
    ])
      await post(t, key, bad);
    vi.stubEnv("TOOLGATE_CALL_LOG", "off");
    await send("ping", {});
    expect(lines).toEqual([]);
  });
});

test("whatever a client calls things: one line of JSON, nothing unseen, no key, no argument, bounded", async () => {
  const odd = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "\u001b[31m",
      "\n{}",
      "\u2028",
      "\u202e",
      "x".repeat(5_000),
      "\u0000",
      `see ${key} here`,
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      odd,
      odd,
      odd,
      fc.constantFrom("tools/call", "prompts/get", "resources/read"),
      async (a, b, c, method) => {
        lines = [];
        const id = `${a}!`;
        await send(method, { name: b, uri: c, arguments: { text: "hunter2" } }, {}, id);
        await send(`${a}${b}`, {}, {}, id);
        for (const line of lines) {
          const values = Object.values(JSON.parse(line) as object).join("");
          expect(values).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(line).not.toContain(key.slice(12, 40));
          expect(line).not.toContain("hunter2");
          expect(line.length).toBeLessThan(2_000);
          expect(JSON.parse(line)).toMatchObject({ kind: "SERVER" });
        }
        expect(lines).toHaveLength(2);
      },
    ),
    { numRuns: 25 },
  );
});

test("a long call has one line, at its end, and the row of its job's end is in the same trace", async () => {
  let finish!: () => void;
  const app = await newLongApp(() => new Promise<void>((resolve) => (finish = resolve)));
  const { key: own } = await issueKey(app);
  const heard = await open(app, own, "slow", {}, { headers: { traceparent } });
  await until(async () => (await rows(app, "toolgateJobs"))[0]?.state === "working");
  expect(lines).toEqual([]);
  finish();
  await heard.ended;
  expect(span()).toMatchObject({
    name: "tools/call slow",
    trace_id: TRACE,
    parent_span_id: PARENT,
  });
  const audit = await rows(app, "toolgateAudit");
  expect(audit.map((row) => [row.method, row.traceparent])).toEqual(
    expect.arrayContaining([
      ["tools/call", traceparent],
      ["job/end", traceparent],
    ]),
  );
  await call(app, own, "read", { text: "x" });
  expect(lines).toHaveLength(2);
});
