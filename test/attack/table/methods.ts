/** Every method of the table, with each of its params missing, of a wrong type, inherited or odd. */
import { INHERITED, legacy, modern, ODD_NAMES, show, VALUES, type Row } from "./row";

type Params = Readonly<Record<string, unknown>>;

interface Method {
  readonly name: string;
  readonly eras: readonly ("legacy" | "modern")[];
  readonly params: Params;
  /** Members that may be left out, or hold what the server ignores. */
  readonly lax?: readonly string[];
}

const both = ["legacy", "modern"] as const;
const uri = "erp://overview";

const METHODS: readonly Method[] = [
  {
    ...{
      name: "initialize",
      eras: ["legacy"],
      lax: ["capabilities", "clientInfo", "protocolVersion"],
    },
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "a", version: "1" },
    },
  },
  { name: "logging/setLevel", eras: ["legacy"], params: { level: "info" } },
  { name: "tools/list", eras: both, params: { cursor: "x" }, lax: ["cursor"] },
  {
    name: "tools/call",
    eras: both,
    params: { name: "customers_get", arguments: { customerId: "x" } },
  },
  { name: "resources/list", eras: both, params: { cursor: "x" }, lax: ["cursor"] },
  { name: "resources/templates/list", eras: both, params: { cursor: "x" }, lax: ["cursor"] },
  { name: "resources/read", eras: both, params: { uri } },
  { name: "resources/subscribe", eras: ["legacy"], params: { uri } },
  { name: "resources/unsubscribe", eras: ["legacy"], params: { uri } },
  { name: "prompts/list", eras: both, params: { cursor: "x" }, lax: ["cursor"] },
  { name: "prompts/get", eras: both, params: { name: "nope", arguments: {} }, lax: ["arguments"] },
  {
    ...{ name: "completion/complete", eras: both },
    params: { ref: { type: "ref/prompt", name: "nope" }, argument: { name: "a", value: "b" } },
  },
  { name: "tasks/get", eras: ["modern"], params: { taskId: "x" } },
  { name: "tasks/update", eras: ["modern"], params: { taskId: "x", inputResponses: {} } },
  { name: "tasks/cancel", eras: ["modern"], params: { taskId: "x" } },
];

const asked = { legacy, modern };

const rowsOf = ({ name, eras, params, lax = [] }: Method): Row[] =>
  eras.flatMap((era) => {
    const ask = (what: string, spoilt: object, of: string): Row => ({
      what: `${name}, ${era}: ${what}`,
      ...asked[era](name, spoilt),
      ...(lax.includes(of) ? { mayPass: true as const } : {}),
    });
    return Object.keys(params).flatMap((member) => [
      ask(`no ${member}`, { ...params, [member]: undefined }, member),
      ...VALUES.map((value) =>
        ask(`${member} ${show(value)}`, { ...params, [member]: value }, member),
      ),
    ]);
  });

const CURSORS = ["", "x", "=", "eA==", btoa("nope"), btoa("%"), btoa("\u00ff"), "x".repeat(5000)];

const cursors = [
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
].flatMap((name) =>
  CURSORS.flatMap((cursor): Row[] => [
    { what: `${name}, cursor ${show(cursor)}`, ...legacy(name, { cursor }), mayPass: true },
    { what: `${name}, cursor ${show(cursor)}, modern`, ...modern(name, { cursor }), mayPass: true },
  ]),
);

const URIS = [
  ...["", " ", "erp", "erp:", "erp://", "erp:///", "erp://x", "erp://overview/", "ERP://overview"],
  ...[
    "erp://overview?x",
    "erp://overview#x",
    "erp://products/",
    "erp://products/a/b",
    "file:///etc",
  ],
  ...["erp://products/%", "erp://products/%ff", "erp://products/%00", "erp://products/../overview"],
  ...["erp://invoices/toString", "erp://products/{sku}", "http://a.example/", "x".repeat(9000)],
  ...[
    "erp://products/\u{1f600}",
    "erp://products/%F0%9F",
    "erp://user@overview",
    "erp://overview:1",
  ],
];

const uris = ["resources/read", "resources/subscribe"].flatMap((name) =>
  URIS.map((bad): Row => ({
    what: `${name} ${show(bad)}`,
    ...legacy(name, { uri: bad }),
    // What a template fits may be subscribed to, there or not.
    ...(name === "resources/subscribe" ? { mayPass: true } : {}),
  })),
);

const readModern = URIS.map((bad): Row => ({
  what: `resources/read ${show(bad)}, modern`,
  ...modern("resources/read", { uri: bad }),
}));

const refs = [
  ...[{}, { type: "ref/x" }, { type: "ref/prompt" }, { type: "ref/resource" }, { type: null }],
  ...[{ type: "ref/prompt", name: 1 }, { type: "ref/resource", uri: {} }, { name: "x" }],
  ...INHERITED.map((name) => ({ type: "ref/prompt", name })),
  ...URIS.slice(0, 12).map((bad) => ({ type: "ref/resource", uri: bad })),
].map((ref): Row => ({
  what: `completion of ${show(ref)}`,
  ...legacy("completion/complete", { ref, argument: { name: "a", value: "" } }),
}));

const TASKS = [
  "",
  "x",
  "toString",
  "../x",
  "a".repeat(3000),
  crypto.randomUUID(),
  "\u00e4",
  "null",
];

const tasks = ["tasks/get", "tasks/update", "tasks/cancel"].flatMap((name) =>
  TASKS.map((taskId): Row => ({
    what: `${name} ${show(taskId)}`,
    ...modern(name, { taskId, ...(name === "tasks/update" ? { inputResponses: {} } : {}) }),
  })),
);

const prompts = [...INHERITED, ...ODD_NAMES, "tools", "Nope"].flatMap((name): Row[] => [
  { what: `the prompt ${show(name)}`, ...legacy("prompts/get", { name }) },
  { what: `the tool ${show(name)}`, ...legacy("tools/call", { name, arguments: {} }) },
]);

const notifications = VALUES.flatMap((requestId): Row[] => [
  {
    what: `cancelling ${show(requestId)}`,
    headers: { "mcp-protocol-version": "2025-11-25" },
    body: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } },
    mayPass: true,
  },
]);

export const methods: Record<string, readonly Row[]> = {
  ...Object.fromEntries(METHODS.map((method) => [`params of ${method.name}`, rowsOf(method)])),
  cursors: cursors,
  URIs: [...uris, ...readModern],
  "what to complete": refs,
  "tasks that are not there": tasks,
  "prompts and tools that are not there": prompts,
  "notifications about nothing": notifications,
};
