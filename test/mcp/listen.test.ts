/**
 * subscriptions/listen over HTTP: what is acknowledged, what is told and what is not, and how the stream ends.
 *
 * @spec MCP 2026-07-28 basic/patterns/subscriptions
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { ask, responseOf, until, type Heard, type Speech } from "../support/streamClient";
import { callTool, issueKey, rows, type Backend, type IssuedKey } from "../support/gate";
import { newApp } from "../support/app";
import { newDemo, rowsOf } from "../support/demoApp";

const TAG = { "io.modelcontextprotocol/subscriptionId": "listen 1" };
const SECONDS = 4;

let t: Backend;
let issued: IssuedKey;
let sku: string;
let leave: AbortController;

beforeAll(async () => {
  ({ t } = await newDemo(newApp({ streamSeconds: SECONDS })));
  sku = (await rowsOf(t, "products"))[0]!.sku;
});

beforeEach(async () => {
  leave = new AbortController();
  issued = await issueKey(t);
});

afterEach(async () => {
  leave.abort();
  vi.useRealTimers();
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0);
});

const listen = (notifications: unknown, key = issued.key, speech: Speech = {}): Promise<Heard> =>
  ask(
    t,
    key,
    "subscriptions/listen",
    { notifications },
    { era: "modern", id: "listen 1", signal: leave.signal, ...speech },
  );

const acknowledged = async (notifications: unknown, key = issued.key): Promise<Heard> => {
  const heard = await listen(notifications, key);
  await until(() => heard.messages.length > 0);
  return heard;
};

const ack = (notifications: object) => ({
  ...{ jsonrpc: "2.0", method: "notifications/subscriptions/acknowledged" },
  params: { _meta: TAG, notifications },
});

const note = (name: string, params: object = {}) => ({
  ...{ jsonrpc: "2.0", method: `notifications/${name}` },
  params: { ...params, _meta: TAG },
});

const setRole = (change: object) =>
  t.mutation(internal.toolgate.admin.setRole, { name: "admin", ...change });

const LISTS = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

test("acknowledges first, and only what it will tell of", async () => {
  const foreign = (await rowsOf(t, "invoices", "globex"))[0]!.number;
  const own = (await rowsOf(t, "invoices")).map(({ number }) => number);
  expect(own).not.toContain(`${foreign}-x`);
  const uri = `erp://products/${sku}`;
  const missing = ["erp://nothing", "erp://products/no-such", `erp://invoices/${foreign}-x`];
  const filter = { ...LISTS, toolsListChanged: false, taskIds: ["x"] };
  const { headers, messages } = await acknowledged({
    ...{ ...filter, resourceSubscriptions: [missing[0], uri, uri, missing[1], missing[2]] },
  });
  expect(headers.get("content-type")).toBe("text/event-stream");
  expect(messages).toEqual([
    ack({
      ...{ promptsListChanged: true, resourcesListChanged: true },
      resourceSubscriptions: [uri],
    }),
  ]);
});

test("a URI that the role or the key does not allow is left out, as is one of another tenant", async () => {
  const narrow = await issueKey(t, { tools: ["products_get"] });
  const uris = { resourceSubscriptions: [`erp://products/${sku}`] };
  expect((await acknowledged(uris, narrow.key)).messages).toEqual([ack({})]);
  const acmeOnly = "ACME-ONLY-1";
  const last = (await rowsOf(t, "products")).at(-1)!;
  await t.run((ctx) => ctx.db.patch("products", last._id, { sku: acmeOnly }));
  const other = await issueKey(t, { tenant: "globex" });
  const foreign = { resourceSubscriptions: [`erp://products/${acmeOnly}`] };
  expect((await acknowledged(foreign, issued.key)).messages).toEqual([ack(foreign)]);
  expect((await acknowledged(foreign, other.key)).messages).toEqual([ack({})]);
});

describe("a change arrives within a second, where it was asked for", () => {
  test.each([
    ["tools", "stock:adjust", "toolsListChanged"],
    ["prompts and tools", "orders:read", "promptsListChanged"],
    ["resources", "reports:read", "resourcesListChanged"],
  ])("of %s", async (_what, permission, member) => {
    const heard = await acknowledged({ [member]: true });
    const others = await acknowledged({});
    const name = `${member.replace("ListChanged", "")}/list_changed`;
    await setRole({ remove: [permission] });
    await until(() => heard.messages.length > 1, 1_000);
    await setRole({ add: [permission] });
    await until(() => heard.messages.length > 2, 1_000);
    expect(heard.messages).toEqual([ack({ [member]: true }), note(name), note(name)]);
    expect(others.messages).toEqual([ack({})]);
  });

  test("of what needs approval, where that changes what an answer may be", async () => {
    const heard = await acknowledged({ toolsListChanged: true });
    const { keyId } = issued;
    const bind = (approval: string[]) =>
      t.mutation(internal.toolgate.admin.updateKey, { keyId, approval });
    await bind(["orders_*"]);
    await until(() => heard.messages.length > 1, 1_000);
    // The library's own tools are never held.
    await bind(["orders_*", "jobs_*"]);
    await bind([]);
    await until(() => heard.messages.length > 2, 1_000);
    const changed = note("tools/list_changed");
    expect(heard.messages.slice(1)).toEqual([changed, changed]);
  });

  test("of what the caller's key fixes", async () => {
    const heard = await acknowledged({ toolsListChanged: true });
    const { keyId } = issued;
    const fix = (fixed: object | null) =>
      t.mutation(internal.toolgate.admin.updateKey, { keyId, fixed } as never);
    await fix({ orders_list: { status: "draft" } });
    await until(() => heard.messages.length > 1, 1_000);
    await fix(null);
    await until(() => heard.messages.length > 2, 1_000);
    const changed = note("tools/list_changed");
    expect(heard.messages.slice(1)).toEqual([changed, changed]);
  });

  test("of a resource, and of no other", async () => {
    const products = await rowsOf(t, "products");
    const [uri, other] = products.map((one) => `erp://products/${one.sku}`);
    const heard = await acknowledged({ resourceSubscriptions: [other, uri] });
    const lists = await acknowledged(LISTS);
    await callTool(t, issued.key, "stock_adjust", {
      ...{ productId: products[0]!._id, quantity: 1, reason: "received" },
    });
    await until(() => heard.messages.length > 1, 1_000);
    await heard.ended;
    expect(heard.messages.slice(1, -1)).toEqual([note("resources/updated", { uri })]);
    expect(lists.messages.slice(0, 1)).toEqual([ack(LISTS)]);
    expect(lists.messages.filter(({ method }) => method !== undefined)).toHaveLength(1);
  });
});

test("ends with a result when its time is up, and gives its place back", async () => {
  const startedAt = Date.now();
  const heard = await acknowledged({ toolsListChanged: true });
  expect(await rows(t, "toolgateStreamLeases")).toHaveLength(1);
  await heard.ended;
  expect(Date.now() - startedAt).toBeGreaterThan(SECONDS * 1000 - 50);
  expect(responseOf(heard)).toMatchObject({
    id: "listen 1",
    result: { resultType: "complete", _meta: TAG },
  });
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("a third stream of one key is refused until one of the others is closed", async () => {
  for (let i = 0; i < 2; i++) await acknowledged({ toolsListChanged: true });
  const third = await (await listen({})).ended;
  expect([third.status, responseOf(third).error?.code]).toEqual([429, 429]);
  expect(Number(third.headers.get("retry-after"))).toBeLessThanOrEqual(SECONDS);
  leave.abort();
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0, 1_000);
  leave = new AbortController();
  expect((await listen({})).status).toBe(200);
});

test("a revoked key ends it", async () => {
  const heard = await acknowledged({ toolsListChanged: true });
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId: issued.keyId, reason: "test" });
  await heard.ended;
  expect(responseOf(heard)).toMatchObject({ id: "listen 1", error: { code: 401 } });
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("sends no progress, even to who gives a token", async () => {
  const heard = await listen({}, issued.key, { progressToken: "p" });
  await heard.ended;
  expect(heard.messages.map(({ method }) => method)).toEqual([ack({}).method, undefined]);
});

test.each([
  [undefined, '"notifications" must be an object'],
  [null, '"notifications" must be an object'],
  [[], '"notifications" must be an object'],
  [{ toolsListChanged: "yes" }, '"notifications.toolsListChanged" must be a boolean'],
  [{ promptsListChanged: 1 }, '"notifications.promptsListChanged" must be a boolean'],
  [{ resourcesListChanged: null }, '"notifications.resourcesListChanged" must be a boolean'],
  [
    { resourceSubscriptions: "a:b" },
    '"notifications.resourceSubscriptions" must be an array of strings',
  ],
  [
    { resourceSubscriptions: ["a:b", 1] },
    '"notifications.resourceSubscriptions" must be an array of strings',
  ],
  [
    { resourceSubscriptions: Array.from({ length: 17 }, (_, i) => `a:${i}`) },
    '"notifications.resourceSubscriptions" must hold at most 16 URIs',
  ],
])("refuses the filter %j", async (filter, message) => {
  const heard = await (await listen(filter)).ended;
  expect(responseOf(heard)).toMatchObject({
    id: "listen 1",
    error: { code: -32602, message: `Invalid params: ${message}` },
  });
});

test("needs a client that takes streams", async () => {
  const heard = await (await listen({}, issued.key, { accept: "application/json" })).ended;
  expect([heard.status, responseOf(heard).error?.code]).toEqual([406, -32600]);
});
