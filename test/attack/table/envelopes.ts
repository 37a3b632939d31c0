/** JSON that is no request: ids, methods, params, `_meta`, batches, and answers to questions that nobody asked. */
import { VERSION_KEY, CAPABILITIES_KEY, MODERN } from "../../support/speak";
import { INHERITED, legacy, metaWith, modern, show, VALUES, type Row } from "./row";

const isId = (value: unknown) => typeof value === "string" || Number.isSafeInteger(value);

const isObject = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const message = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };

const roots = VALUES.filter((value) => !isObject(value) && !Array.isArray(value)).map(
  (body): Row => ({ what: `the message ${show(body)}`, body: JSON.stringify(body) }),
);

const members = Object.entries({
  jsonrpc: [...VALUES, "1.0", "2", "2.00", " 2.0"],
  id: VALUES.filter((value) => !isId(value)),
  method: [...VALUES, ...INHERITED, "tools", "tools/", "TOOLS/LIST", "tools/list ", "rpc.discover"],
  params: VALUES.filter((value) => !isObject(value)),
}).flatMap(([name, values]) =>
  values.map((value): Row => ({
    what: `${name} ${show(value)}`,
    body: { ...message, [name]: value },
  })),
);

const missing = ["jsonrpc", "method"].map((name): Row => ({
  what: `no ${name}`,
  body: { ...message, [name]: undefined },
  names: name,
}));

const NAMED = { params: { name: "customers_get", arguments: {} }, method: "tools/call" };

const metas: Row[] = [
  ...VALUES.filter((value) => !isObject(value)).map((meta): Row => ({
    what: `_meta ${show(meta)}, 2026-07-28`,
    ...modern(NAMED.method, NAMED.params, meta),
  })),
  ...[VERSION_KEY, CAPABILITIES_KEY].flatMap((name) =>
    VALUES.filter((value) => name !== CAPABILITIES_KEY || !isObject(value)).map((value): Row => ({
      what: `${name} ${show(value)}`,
      ...modern(NAMED.method, NAMED.params, metaWith({ [name]: value })),
    })),
  ),
  ...["Mcp-Method", "Mcp-Name", "MCP-Protocol-Version"].flatMap((name) =>
    [undefined, "", "x", "tools/list", "=?base64?x?=", "=?base64?/w==?=", "2025-11-25", "a, b"].map(
      (value): Row => {
        const { headers, ...rest } = modern(NAMED.method, NAMED.params);
        return {
          what: `${name} ${show(value ?? "missing")}`,
          ...rest,
          headers: { ...headers, [name]: value },
        };
      },
    ),
  ),
];

const tokens: Row[] = VALUES.filter((value) => !isId(value)).flatMap((progressToken) => {
  const params = { ...NAMED.params, _meta: { progressToken } };
  return [
    { what: `progressToken ${show(progressToken)}`, ...legacy("tools/call", params) },
    {
      what: `progressToken ${show(progressToken)}, ${MODERN}`,
      ...modern(NAMED.method, NAMED.params, metaWith({ progressToken })),
    },
  ];
});

const BATCHES = "2025-03-26";

const batches: Row[] = [
  ...[[], [1], [null], [[]], [[message]], [{}], ["x", {}], Array(2000).fill(message)].map(
    (body): Row => ({
      what: `the batch ${show(body)}`,
      headers: { "mcp-protocol-version": BATCHES },
      body,
    }),
  ),
  ...["2025-06-18", "2025-11-25", MODERN].map((version): Row => ({
    what: `a batch of ${version}`,
    headers: { "mcp-protocol-version": version },
    body: [message],
  })),
];

/** A client that says nothing wrong, but of nothing that is there. */
const strayed: Row[] = [
  ...VALUES.map((result) => ({ result })),
  ...VALUES.map((error) => ({ error })),
  { result: {}, error: {} },
].flatMap((more) =>
  ["x", 1].map((id): Row => ({
    what: `an answer to ${show(id)}: ${show(more)}`,
    headers: { "mcp-protocol-version": "2025-11-25" },
    body: { jsonrpc: "2.0", id, ...more },
    mayPass: true,
  })),
);

export const envelopes: Record<string, readonly Row[]> = {
  "messages that are none": [...roots, ...members, ...missing],
  "_meta and headers of 2026-07-28": metas,
  "progress tokens": tokens,
  batches: batches,
  "answers to nothing": strayed,
};
