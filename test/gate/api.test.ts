/** The surface: only http.ts faces the world, and what it sells holds under load. */
import { getFunctionName } from "convex/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { insertProduct } from "../../convex/erp/products";
import {
  callTool,
  issueKey,
  newServer,
  rows,
  type Backend,
  type ToolResult,
} from "../support/gate";
import { within } from "../support/within";
import { app } from "../../convex/toolgate/tools";

const { tools } = app;

type Registered = Record<`is${"Query" | "Mutation" | "Action" | "Public" | "Internal"}`, unknown>;

const modules = import.meta.glob<Record<string, unknown>>([
  "../../convex/**/*.ts",
  "!../../convex/_generated/**",
]);

const isRegistered = (value: unknown): value is Partial<Registered> =>
  typeof value === "function" &&
  ["isQuery", "isMutation", "isAction"].some((kind) => (value as never)[kind] === true);

describe("the deployment", () => {
  const functions = new Map<string, Partial<Registered>>();

  beforeAll(async () => {
    for (const [path, load] of Object.entries(modules)) {
      const name = path.replace("../../convex/", "").replace(/\.ts$/, "");
      for (const [member, value] of Object.entries(await load()))
        if (isRegistered(value)) functions.set(`${name}:${member}`, value);
    }
  });

  test("has no public function", () => {
    const isPublic = ([, fn]: [string, Partial<Registered>]) =>
      fn.isPublic === true || fn.isInternal !== true;
    expect([...functions].filter(isPublic).map(([name]) => name)).toEqual([]);
  });

  test("was looked at as a whole", () => {
    const names = [...functions.keys()];
    const bound = Object.values(tools).map((entry) => getFunctionName(entry().ref));
    expect(names).toEqual(expect.arrayContaining(bound));
    expect(names).toEqual(
      expect.arrayContaining([
        "toolgate/gate:admit",
        "toolgate/admin:createKey",
        "toolgate/catalog:list",
        "toolgate/jobs:sweep",
      ]),
    );
  });

  test("has no tool that touches keys, roles or the audit log", () => {
    const bound = Object.values(tools).map((entry) => getFunctionName(entry().ref));
    // These two show and stop the caller's own jobs.
    expect(bound.filter((name) => !name.startsWith("erp/"))).toEqual([
      "toolgate/jobs:get",
      "toolgate/jobs:stop",
    ]);
  });

  test("has no function that changes an audit row, and only retention removes one", async () => {
    const { readFile, readdir } = await import("node:fs/promises");
    const files = (await readdir("src", { recursive: true }))
      .filter((file) => /(?<!\.test|test-d)\.ts$/.test(file))
      .sort();
    const writers = [];
    for (const file of files) {
      const source = await readFile(`src/${file}`, "utf8");
      if (/\.(patch|replace|delete)\(\s*"toolgateAudit"/.test(source)) writers.push(file);
    }
    expect(writers).toEqual(["operate/record/pruneSeal.ts"]);
    expect(await readFile(`src/${writers[0]!}`, "utf8")).not.toMatch(
      /\.(patch|replace)\(\s*"toolgateAudit"/,
    );
  });
});

describe("100 parallel buyers of 10 pieces, over HTTP", () => {
  let t: Backend;
  let key: string;

  beforeAll(async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
    t = await newServer();
    ({ key } = await issueKey(t));
    // A new key starts with the burst of scale 1 (see limits.test.ts).
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    return () => vi.useRealTimers();
  });

  test("exactly 10 orders are confirmed", async () => {
    const productId = await t.run(async (ctx) => {
      const tenant = (await ctx.db.query("tenants").first())!;
      const product = { sku: "LAST", name: "The last ones", unitPriceMinor: 100 };
      return insertProduct(within(ctx, tenant), product);
    });
    const call = (name: string, args: object): Promise<ToolResult> => callTool(t, key, name, args);
    await call("stock_adjust", { productId, quantity: 10, reason: "received" });
    const customer = await call("customers_create", { name: "Ada", email: "ada@example.com" });
    const buy = async () => {
      const { structuredContent: order } = await call("orders_create", {
        customerId: customer.structuredContent!.id,
        lines: [{ productId, quantity: 1 }],
      });
      return call("orders_confirm", { orderId: order!.id, expectedTotalMinor: 100 });
    };
    const results = await Promise.all(Array.from({ length: 100 }, buy));
    expect(results.filter(({ isError }) => isError !== true)).toHaveLength(10);
    const refusals = results
      .filter(({ isError }) => isError)
      .map(({ content }) => content[0]!.text);
    expect(new Set(refusals)).toEqual(
      new Set([
        "insufficient_stock: Not enough stock, so nothing was changed. LAST: 0 on hand, 1 needed.",
      ]),
    );
    const orders = await rows(t, "orders");
    expect(orders.filter(({ status }) => status === "confirmed")).toHaveLength(10);
    expect(new Set(orders.map(({ number }) => number)).size).toBe(100);
    const level = await call("stock_level", { productId });
    expect(level.structuredContent?.onHand).toBe(0);
    const outcomes = (await rows(t, "toolgateAudit"))
      .filter(({ tool }) => tool === "orders_confirm")
      .map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "succeeded")).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === "failed")).toHaveLength(90);
  });

  test("100 parallel invoices of them are gapless, and each order has one", async () => {
    const confirmed = (await rows(t, "orders")).filter(({ status }) => status === "confirmed");
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        callTool(t, key, "invoices_issue", { orderId: confirmed[index % 10]!._id, confirm: true }),
      ),
    );
    expect(results.filter(({ isError }) => isError !== true)).toHaveLength(10);
    const numbers = (await rows(t, "invoices")).map(({ number }) => number).sort();
    expect(numbers).toEqual(
      Array.from({ length: 10 }, (_, index) => `INV-${String(index + 1).padStart(6, "0")}`),
    );
  });
});

test("nobody but the deployment's own code reaches the operator's functions: /mcp has no such tool", async () => {
  const t = await newServer();
  const { key } = await issueKey(t);
  for (const ref of [
    ...[internal.toolgate.admin.createKey, internal.toolgate.admin.setRole],
    ...[internal.toolgate.jobs.finish, internal.toolgate.jobs.expire, internal.toolgate.worker.run],
  ]) {
    const name = getFunctionName(ref);
    for (const candidate of [name, name.replace(":", "_"), name.split(":")[1]!]) {
      await expect(callTool(t, key, candidate)).rejects.toThrow("Unknown tool");
    }
  }
});
