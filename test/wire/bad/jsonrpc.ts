/** JSON that is no JSON-RPC request, and batches. */
import { ping, show, type BadRequest } from "./row";

const invalidRequest = { status: 400, code: -32600 } as const;
const invalidParams = { status: 400, code: -32602 } as const;

const noObjects = [1, 1.5, "ping", "", true, false, null].map((body) => ({
  what: `body ${show(body)}`,
  body: JSON.stringify(body),
  ...invalidRequest,
}));

/** MCP: a string or an integer, never null. Beyond 2^53 it could not be echoed. */
const ids = ["null", "1.5", "true", "false", "{}", "[]", "[1]", "9007199254740992", "1e20", "-1e20"]
  .concat("-9007199254740992", '{"id":1}', "1e-3")
  .map((id) => ({
    what: `id ${id}`,
    body: `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
    ...invalidRequest,
  }));

const versions = ["1.0", "2", "2.0 ", "2.00", "", 2, 2.1, null, true, {}, ["2.0"]].map(
  (jsonrpc) => ({
    what: `jsonrpc ${show(jsonrpc)}`,
    body: { ...ping, id: "v", jsonrpc },
    id: "v",
    ...invalidRequest,
  }),
);

const methods = [1, null, true, {}, ["ping"]].map((method) => ({
  what: `method ${show(method)}`,
  body: { ...ping, id: 7, method },
  id: 7,
  ...invalidRequest,
}));

const params = [[], [1], ["a", {}], "a", "", 1, 0, null, true, false].map((value) => ({
  what: `params ${show(value)}`,
  body: { ...ping, id: -3, params: value },
  id: -3,
  ...invalidParams,
}));

const misspelt: BadRequest[] = [
  { what: "no jsonrpc", body: { id: 1, method: "ping" }, id: 1 },
  { what: "no method", body: { jsonrpc: "2.0", id: 1 }, id: 1 },
  { what: "nothing", body: {} },
  { what: "JSON-RPC 1.1", body: { version: "1.1", id: 1, method: "ping" }, id: 1 },
  { what: "JSONRPC", body: { JSONRPC: "2.0", id: 1, method: "ping" }, id: 1 },
  { what: "Method", body: { jsonrpc: "2.0", id: 1, Method: "ping" }, id: 1 },
  { what: "Id null, id missing, no method", body: { jsonrpc: "2.0", Id: null } },
  {
    what: "method with a NUL in its name",
    body: { jsonrpc: "2.0", id: 1, "method\0": "ping" },
    id: 1,
  },
  { what: "a response without id", body: { jsonrpc: "2.0", result: {} } },
  { what: "an error without id", body: { jsonrpc: "2.0", error: { code: 1, message: "a" } } },
  { what: "a notification with another jsonrpc", body: { jsonrpc: "1.0", method: "ping" } },
  { what: "a request in an object", body: { request: ping } },
].map((row) => ({ ...row, ...invalidRequest }));

const malformedNotification: BadRequest = {
  what: "a notification with positional params",
  body: { jsonrpc: "2.0", method: "notifications/initialized", params: [1] },
  ...invalidParams,
};

const header = (version: string) => ({ "mcp-protocol-version": version });

/** An array counts as a batch; only 2025-03-26 has them, and `initialize` must not be in one. */
const batches: BadRequest[] = [
  { what: "an empty batch", body: [] },
  { what: "an empty batch, 2025-03-26 said", body: [], headers: header("2025-03-26") },
  { what: "an empty batch, 2025-11-25 said", body: [], headers: header("2025-11-25") },
  { what: "a batch of 17", body: Array.from({ length: 17 }, (_, id) => ({ ...ping, id })) },
  { what: "a batch of 1000", body: Array.from({ length: 1000 }, (_, id) => ({ ...ping, id })) },
  { what: "a batch in 2025-06-18", body: [ping], headers: header("2025-06-18") },
  { what: "a batch in 2025-11-25", body: [ping, ping], headers: header("2025-11-25") },
  { what: "a batch in 2026-07-28", body: [ping], headers: header("2026-07-28") },
  { what: "a batch in no revision", body: [ping], headers: header("2020-01-01") },
  {
    what: "a batch with a modern message",
    body: [
      ping,
      {
        ...ping,
        method: "server/discover",
        params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
      },
    ],
  },
].map((row) => ({ ...row, ...invalidRequest }));

/** Told to good keys only, and nothing runs. */
export const shapes: BadRequest[] = [
  ...noObjects,
  ...ids,
  ...versions,
  ...methods,
  ...params,
  ...misspelt,
  malformedNotification,
  ...batches,
];

/** Methods that no revision has, or that the request's revision does not. These are admitted first, so they cost a token. */
export const unknownMethods: BadRequest[] = [
  "",
  "foo",
  "PING",
  "ping ",
  "Tools/List",
  "tools/list/",
  "tools",
  "tools/call\0",
  "server/discover",
  "subscriptions/listen",
  "resources/write",
  "prompts/set",
  "completion/list",
  "logging/getLevel",
  "sampling/createMessage",
  "rpc.discover",
  "http/GET",
  "response",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "m".repeat(10_000),
  "\u{1f600}".repeat(40),
].map((method) => ({
  what: `method ${show(method)}`,
  body: { ...ping, id: "m", method },
  status: 200,
  code: -32601,
  id: "m",
}));
