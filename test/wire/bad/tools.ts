/** tools/list and tools/call: params that are none, and arguments that a tool refuses. */
import { ping, show, type BadRequest } from "./row";

const id = "t";

const call = (params: object, headers: Record<string, string> = {}) => ({
  body: { ...ping, id, method: "tools/call", params },
  headers,
  id,
});

/** In-band since the request itself is good JSON-RPC: HTTP 200. */
const invalidParams = { status: 200, code: -32602 } as const;

/** Refused by the admission, whatever the tool is. */
export const malformedCalls: BadRequest[] = [
  { what: "no name", ...call({}) },
  { what: "no name, but arguments", ...call({ arguments: {} }) },
  ...[null, 1, true, {}, ["customers_get"]].map((name) => ({
    what: `name ${show(name)}`,
    ...call({ name }),
  })),
  ...[null, [], [1], "a", "{}", 1, 0, true].map((args) => ({
    what: `arguments ${show(args)}`,
    ...call({ name: "customers_search", arguments: args }),
  })),
  ...[
    "",
    "short",
    "a".repeat(129),
    "with blank",
    "with\nbreak",
    "\u00e4".repeat(8),
    12345678,
    {},
    [],
  ].map((key) => ({
    what: `_meta idempotencyKey ${show(key)}`,
    ...call({
      name: "orders_confirm",
      arguments: {},
      _meta: { "toolgate/idempotencyKey": key },
    }),
  })),
  ...[
    ...["", "short", "a".repeat(129), "with blank", "\u00e4".repeat(8)],
    ...["key-00001, key-00002", "key-00001, key-00001, key-00002", "short, short"],
  ].map((key) => ({
    what: `Idempotency-Key ${show(key)}`,
    ...call({ name: "orders_confirm", arguments: {} }, { "idempotency-key": key }),
  })),
].map((row) => ({ ...row, ...invalidParams }));

const unknownTools: BadRequest[] = [
  "",
  " ",
  "nope",
  "customers",
  "customers.get",
  "customers/get",
  "Customers_Get",
  "customers_get ",
  "customers_get\0",
  "erp/customers:get",
  "internal.erp.customers.get",
  "toolgate/admin:createKey",
  "keys_create",
  "admit",
  "../gate",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "n".repeat(5000),
  "\u{1f600}".repeat(100),
].map((name) => ({ what: `tool ${show(name)}`, ...call({ name }), ...invalidParams }));

const cursors: BadRequest[] = [
  1,
  true,
  {},
  [],
  " ",
  "nope",
  "0",
  "-1",
  "customers_get",
  btoa("nope"),
  `${btoa("customers_get")} `,
  btoa("customers_get").toLowerCase(),
  btoa("__proto__"),
  "a".repeat(10_000),
  "\u{1f600}",
].map((cursor) => ({
  what: `cursor ${show(cursor)}`,
  body: { ...ping, id, method: "tools/list", params: { cursor } },
  id,
  ...invalidParams,
}));

/**
 * A model reads these and corrects itself, so they are results. Names such as `toString` are left out: convex-test takes them
 * for declared arguments, since it finds them on `Object.prototype`.
 */
const refusedArguments: BadRequest[] = (
  [
    ["customers_get", {}],
    ["customers_get", { customerId: 1 }],
    ["customers_get", { customerId: null }],
    ["customers_get", { customerId: {} }],
    ["customers_get", { customerId: "nope" }],
    ["customers_get", { customerId: "" }],
    ["customers_get", { id: "nope", extra: 1 }],
    ["customers_search", { nope: 1 }],
    ["customers_search", { $where: "1" }],
    ["customers_search", { _id: "1" }],
    ["customers_search", { "": 1 }],
    ["customers_search", { "\u00e4": 1 }],
    ["customers_search", { toJSON: "x" }],
    ["customers_search", { limit: "one" }],
    ["customers_search", { limit: -1 }],
    ["customers_search", { limit: 1e308 }],
    ["customers_search", { limit: 0.5 }],
    ["customers_search", { cursor: "nope" }],
    ["customers_search", { text: { $gt: "" } }],
    ["customers_search", { text: ["a"] }],
    ["customers_search", { idempotencyKey: "12345678" }],
    ["customers_create", {}],
    ["customers_create", { name: "", email: "" }],
    ["customers_create", { name: "A", email: "no address" }],
    ["customers_create", { name: "A".repeat(1000), email: "a@example.com" }],
    ["customers_create", { name: "A", email: "a@example.com", tenantId: "globex" }],
    ["customers_create", { name: "A", email: "a@example.com", country: "de" }],
    ["customers_create", { name: "A", email: "a@example.com", $set: {} }],
    ["customers_create", { name: "A", email: "a@example.com", "\u{1f600}": 1 }],
    ["customers_create", { name: "A", email: "a@example.com", idempotencyKey: "short" }],
    ["customers_create", { name: "A", email: "a@example.com", idempotencyKey: 12345678 }],
    ["customers_create", { name: "A", email: "a@example.com", idempotencyKey: ["12345678"] }],
    ["customers_create", { name: "A", email: "a@example.com", idempotencyKey: "a".repeat(129) }],
    ["orders_create", { customerId: "nope", lines: [] }],
    ["orders_create", { customerId: "nope", lines: "all" }],
    ["orders_create", { customerId: "nope", lines: [{ productId: "nope", quantity: 1 }] }],
    ["orders_confirm", { orderId: "nope", expectedTotalMinor: 1 }],
    ["stock_adjust", { productId: "nope", quantity: 1, reason: "received" }],
    ["payments_record", { invoiceId: "nope", amountMinor: -1, method: "cash" }],
  ] as const
).map(([name, args]) => ({
  what: `${name} ${show(args)}`,
  ...call({ name, arguments: args }),
  status: 200,
  code: "isError",
}));

/** Admitted or denied in the database, which writes an audit row and takes a token, and nothing else. */
export const calls: BadRequest[] = [...unknownTools, ...cursors, ...refusedArguments];
