/** 2026-07-28: the envelope in `params._meta` and the headers that must repeat it. And headers that name no revision. */
import { ping, show, type BadRequest } from "./row";

const VERSION = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

const modern = "2026-07-28";
const meta = { [VERSION]: modern, [CAPABILITIES]: {} };

const headers = {
  "mcp-protocol-version": modern,
  "mcp-method": "tools/call",
  "mcp-name": "customers_get",
};

const id = "e";
const call = (envelope: unknown = meta, name: unknown = "customers_get") => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { _meta: envelope, name, arguments: {} },
});

const incomplete: BadRequest[] = (
  [
    ["_meta null", null],
    ["_meta an array", []],
    ["_meta a string", modern],
    ["_meta empty", {}],
    ["no version", { [CAPABILITIES]: {} }],
    ["version null", { ...meta, [VERSION]: null }],
    ["version a number", { ...meta, [VERSION]: 2026 }],
    ["version a list", { ...meta, [VERSION]: [modern] }],
    ["no capabilities", { [VERSION]: modern }],
    ["capabilities null", { ...meta, [CAPABILITIES]: null }],
    ["capabilities a list", { ...meta, [CAPABILITIES]: [] }],
    ["capabilities true", { ...meta, [CAPABILITIES]: true }],
    ["keys without their prefix", { protocolVersion: modern, clientCapabilities: {} }],
  ] as const
).map(([what, envelope]) => ({
  what,
  body: call(envelope),
  headers,
  status: 400,
  code: -32602,
  id,
}));

const mismatches: BadRequest[] = (
  [
    ["no version header", { "mcp-protocol-version": null }],
    ["version header of another revision", { "mcp-protocol-version": "2025-11-25" }],
    ["version header empty", { "mcp-protocol-version": "" }],
    ["version header twice, another once", { "mcp-protocol-version": `${modern}, ${modern}, x` }],
    ["version header of two revisions", { "mcp-protocol-version": `${modern}, 2025-11-25` }],
    ["version header in quotes", { "mcp-protocol-version": `"${modern}"` }],
    ["no method header", { "mcp-method": null }],
    ["method header of another method", { "mcp-method": "tools/list" }],
    ["method header in upper case", { "mcp-method": "TOOLS/CALL" }],
    ["method header empty", { "mcp-method": "" }],
    ["method header twice, another once", { "mcp-method": "tools/call, x, tools/call" }],
    ["method header of two methods", { "mcp-method": "tools/call, tools/list" }],
    ["method header percent-encoded", { "mcp-method": "tools%2Fcall" }],
    ["no name header", { "mcp-name": null }],
    ["name header of another tool", { "mcp-name": "customers_search" }],
    ["name header in upper case", { "mcp-name": "CUSTOMERS_GET" }],
    ["name header empty", { "mcp-name": "" }],
    ["name header in two forms", { "mcp-name": "customers_get, customers_get," }],
    ["name header of two tools", { "mcp-name": "customers_get, customers_search" }],
    ["name header, base64 of another tool", { "mcp-name": `=?base64?${btoa("customers_x")}?=` }],
    ["name header, base64 without padding", { "mcp-name": "=?base64?Y3VzdG9tZXJzX2dldA?=" }],
    ["name header, too much padding", { "mcp-name": "=?base64?Y3VzdG9tZXJzX2dldA===?=" }],
    ["name header, spare bits in base64", { "mcp-name": "=?base64?Y3VzdG9tZXJzX2dldB==?=" }],
    ["name header, no base64 at all", { "mcp-name": "=?base64?customers_get!?=" }],
    ["name header, base64 of no UTF-8", { "mcp-name": `=?base64?${btoa("\xff\xfe")}?=` }],
    ["name header, base64 of nothing", { "mcp-name": "=?base64??=" }],
    ["name header, no end mark", { "mcp-name": "=?base64?Y3VzdG9tZXJzX2dldA==" }],
    ["name header, no start mark", { "mcp-name": "Y3VzdG9tZXJzX2dldA==?=" }],
    ["name header, mark in upper case", { "mcp-name": "=?BASE64?Y3VzdG9tZXJzX2dldA==?=" }],
    ["name header, quoted-printable", { "mcp-name": "=?utf-8?Q?customers_get?=" }],
    [
      "name header, base64 inside base64",
      { "mcp-name": `=?base64?${btoa("=?base64?Y3VzdG9tZXJzX2dldA==?=")}?=` },
    ],
  ] as const
).map(([what, changed]) => ({
  what,
  body: call(),
  headers: { ...headers, ...changed },
  status: 400,
  code: -32020,
  id,
}));

const bomInName: BadRequest = {
  what: "name header, base64 with a byte order mark that the body does not have",
  body: call(),
  headers: { ...headers, "mcp-name": `=?base64?${btoa("\xef\xbb\xbfcustomers_get")}?=` },
  status: 400,
  code: -32020,
  id,
};

const otherVersions: BadRequest[] = [
  "v999.0.0",
  "2025-11-25",
  "2025-03-26",
  "2026-07-27",
  "",
  "3",
].map((version) => ({
  what: `envelope of version ${show(version)}`,
  body: call({ ...meta, [VERSION]: version }),
  headers: { ...headers, "mcp-protocol-version": version },
  status: 400,
  code: -32022,
  id,
}));

const others: BadRequest[] = [
  {
    what: "no _meta",
    body: { jsonrpc: "2.0", id, method: "tools/list" },
    headers: { ...headers, "mcp-method": "tools/list" },
    status: 400,
    code: -32602,
    id,
  },
  {
    what: "header 2026-07-28, envelope v999.0.0: the mismatch comes first",
    body: call({ ...meta, [VERSION]: "v999.0.0" }),
    headers,
    status: 400,
    code: -32020,
    id,
  },
  {
    what: "envelope incomplete and header missing: the envelope comes first",
    body: call({ [VERSION]: modern }),
    status: 400,
    code: -32602,
    id,
  },
];

/** Without an envelope the version header must name a 2025 revision, if it is there at all. */
const legacyHeaders: BadRequest[] = [
  "2024-11-05",
  "2025-03-27",
  "1.0",
  "",
  "v999.0.0",
  "latest",
  "2025-06-18, 2025-11-25",
  "2025-6-18",
  "999999-01-01",
].map((version) => ({
  what: `no envelope, version header ${show(version)}`,
  body: { ...ping, id },
  headers: { "mcp-protocol-version": version },
  status: 400,
  code: -32600,
  id,
}));

const modernHeaderOnly: BadRequest[] = ["2026-07-28", "2027-01-01", "9999-12-31"].map(
  (version) => ({
    what: `no envelope, version header ${version}`,
    body: { ...ping, id },
    headers: { "mcp-protocol-version": version },
    status: 400,
    code: -32602,
    id,
  }),
);

/** Told to good keys only, and nothing runs. */
export const envelopes: BadRequest[] = [
  ...incomplete,
  ...mismatches,
  bomInName,
  ...otherVersions,
  ...others,
  ...legacyHeaders,
  ...modernHeaderOnly,
];

/** Removed in 2026-07-28, or never there. */
export const unknownModernMethods: BadRequest[] = [
  "initialize",
  "ping",
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
  "resources/watch",
  "prompts/set",
  "tasks/list",
  "tasks/result",
  "unknown/method",
  "constructor",
].map((method) => ({
  what: `modern method ${method}`,
  body: { jsonrpc: "2.0", id, method, params: { _meta: meta } },
  headers: { "mcp-protocol-version": modern, "mcp-method": method },
  status: 404,
  code: -32601,
  id,
}));
