/** The views of the ERP, in a page that speaks the protocol as clients do, before the running server. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { CallToolResult, Client, ElicitResult } from "@modelcontextprotocol/client";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { serveApp } from "../clients/app";
import {
  connectClient,
  openHost,
  serveHost,
  type HostPage,
  type HostSite,
  type Showing,
  type Shown,
} from "./host/host";
import { connectBrowser, keepPicture } from "./person";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const app = serveApp();
let site: HostSite;
let browser: Browser;
let client: Client;
let host: HostPage;

beforeAll(async () => {
  [site, browser, client] = await Promise.all([
    serveHost(),
    connectBrowser(),
    connectClient(app.url, app.key("admin")),
  ]);
  host = await openHost(browser, site);
});
afterAll(async () => {
  await host.leave();
  await Promise.all([client.close(), browser.close(), site.close()]);
});
afterEach(() => {
  expect([host.complaints(), host.strange]).toEqual([[], []]);
});

type More = Partial<Showing>;

const show = (tool: string, args: Record<string, unknown>, more: More = {}) =>
  host.show({ client, tool, args, ...more });

interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly totalMinor: number;
  readonly cancelReason?: string;
}

const call = async (name: string, args: object): Promise<unknown> =>
  (await client.callTool({ name, arguments: { ...args } })).structuredContent;

/** The most lines of an order here: more than fit into a view. */
const MANY = 14;

let customerId: string;
let productIds: string[];

const idsIn = async (name: string, limit: number): Promise<string[]> => {
  const { items } = (await call(name, { limit })) as { items: { id: string }[] };
  return items.map(({ id }) => id);
};

beforeAll(async () => {
  [customerId] = (await idsIn("customers_search", 1)) as [string];
  productIds = await idsIn("products_search", MANY);
});

/** A new draft of this many lines. */
const newOrder = async (lines = 2, quantity = 2): Promise<Order> =>
  (await call("orders_create", {
    customerId,
    lines: productIds.slice(0, lines).map((productId) => ({ productId, quantity })),
  })) as Order;

const readOrder = async (orderId: string) => (await call("orders_get", { orderId })) as Order;

const euros = (minor: number) =>
  new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(minor / 100);

const failed = (text: string): CallToolResult => ({
  content: [{ type: "text", text }],
  isError: true,
});

describe("an order", () => {
  test("shows its lines, total, state and customer, and asks before it confirms", async () => {
    const order = await newOrder();
    const { view, told } = await show("orders_get", { orderId: order.id });
    expect(await view.getByRole("heading", { level: 1 }).textContent()).toBe(
      `Order ${order.number}`,
    );
    expect(await view.locator("main").textContent()).toContain(euros(order.totalMinor));
    expect(await view.getByRole("row").count()).toBe(3);
    expect(await view.locator(".chip").textContent()).toBe("State: draft");

    await view.getByRole("button", { name: "Confirm order" }).click();
    expect((await readOrder(order.id)).status).toBe("draft");
    await view.getByRole("button", { name: `Confirm for ${euros(order.totalMinor)}` }).click();
    await view.getByRole("status").getByText("is confirmed").waitFor();
    expect(await view.locator(".chip").textContent()).toBe("State: confirmed");
    expect((await readOrder(order.id)).status).toBe("confirmed");
    expect(told.join()).toContain(`Order ${order.number} is confirmed`);
    expect(await view.getByRole("button").allTextContents()).toEqual(["Cancel order"]);
  });

  test("is cancelled with a reason, by a client that cannot ask", async () => {
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id });
    await view.getByRole("button", { name: "Cancel order" }).click();
    await view.getByRole("button", { name: "Cancel for good" }).click();
    expect((await readOrder(order.id)).status).toBe("draft");
    await view.getByLabel("Why?").fill("  Ordered twice ");
    await view.getByRole("button", { name: "Cancel for good" }).click();
    await view.getByText("Ordered twice").waitFor();
    expect(await view.getByRole("button").count()).toBe(0);
    expect(await readOrder(order.id)).toMatchObject({
      status: "cancelled",
      cancelReason: "Ordered twice",
    });
  });

  test.each<[string, ElicitResult, string, string]>([
    ["agrees", { action: "accept", content: { agree: true } }, "is cancelled", "cancelled"],
    ["declines", { action: "decline" }, "did not agree", "draft"],
  ])("asks by the client, and the person %s", async (_what, answer, words, status) => {
    let asked = 0;
    const asking = await connectClient(app.url, app.key("sales"), () => {
      asked += 1;
      return answer;
    });
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id }, { client: asking });
    await view.getByRole("button", { name: "Cancel order" }).click();
    await view.getByLabel("Why?").fill("Too late");
    await view.getByLabel("Why?").press("Enter");
    await view.getByText(words).waitFor();
    expect([asked, (await readOrder(order.id)).status]).toEqual([1, status]);
    await asking.close();
  });

  test("whose stock does not suffice says so and stays as it is", async () => {
    const order = await newOrder(1, 10_000);
    const { view, told } = await show("orders_get", { orderId: order.id });
    await view.getByRole("button", { name: "Confirm order" }).click();
    await view.getByRole("button", { name: /^Confirm for/ }).click();
    expect(await view.getByRole("alert").textContent()).toContain("on hand");
    expect(await view.locator(".chip").textContent()).toBe("State: draft");
    expect(told).toEqual([]);
    // The order is read again before the step ends.
    await view.getByRole("button", { name: "Confirm order" }).waitFor();
    expect(await view.getByRole("button").allTextContents()).toEqual([
      "Confirm order",
      "Cancel order",
    ]);
  });

  test("whose prices have changed is confirmed for the new total only after another press", async () => {
    const order = await newOrder();
    const asked: unknown[] = [];
    const answers: (() => Promise<CallToolResult>)[] = [
      async () =>
        failed(
          `total_changed: Order ${order.number} comes to 999.00 EUR at current prices, not to 0.01 EUR. Confirm again with expectedTotalMinor 99900.`,
        ),
      async () => client.callTool({ name: "orders_get", arguments: { orderId: order.id } }),
      async () => ({ content: [], structuredContent: { ...order, status: "confirmed" } }),
    ];
    const { view } = await show(
      "orders_get",
      { orderId: order.id },
      {
        callTool: (_name, { expectedTotalMinor }) => {
          asked.push(expectedTotalMinor);
          return answers.shift()!();
        },
      },
    );
    await view.getByRole("button", { name: "Confirm order" }).click();
    await view.getByRole("button", { name: /^Confirm for/ }).click();
    expect(await view.getByRole("alert").textContent()).toContain("now comes to €999.00");
    await view.getByRole("button", { name: "Confirm for €999.00" }).click();
    await view.getByText("is confirmed").waitFor();
    expect(asked).toEqual([order.totalMinor, undefined, 99_900]);
  });

  test("whose answer is lost is told so, and pressing again is the same call", async () => {
    const order = await newOrder();
    const keys: unknown[] = [];
    const { view } = await show(
      "orders_get",
      { orderId: order.id },
      {
        callTool: async (name, args) => {
          if (name === "orders_confirm") keys.push(args.idempotencyKey);
          if (keys.length === 1) throw new Error("The connection broke");
          return client.callTool({ name, arguments: args });
        },
      },
    );
    await view.getByRole("button", { name: "Confirm order" }).click();
    const again = view.getByRole("button", { name: /^Confirm for/ });
    await again.click();
    expect(await view.getByRole("alert").textContent()).toContain("The connection broke");
    await again.click();
    await view.getByText("is confirmed").waitFor();
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  test("can be confirmed by the keyboard alone, and focus goes where things happen", async () => {
    const order = await newOrder(3);
    const { view, page } = await show("orders_get", { orderId: order.id });
    const focused = () => view.locator(":focus").textContent();
    await view.getByRole("button", { name: "Confirm order" }).focus();
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Confirm this order?");
    await page.keyboard.press("Escape");
    expect(await view.getByRole("button", { name: /^Confirm for/ }).count()).toBe(0);
    expect(await focused()).toBe("Confirm order");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await view.getByText("is confirmed").waitFor();
    expect(await focused()).toContain("is confirmed");
  });

  test("has no buttons where the client lets views call no tools", async () => {
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id }, { capabilities: {} });
    await view.getByRole("heading", { level: 1 }).waitFor();
    expect(await view.getByRole("button").count()).toBe(0);
  });
});

test("a view takes the client's colours, language and height, and follows when they change", async () => {
  const order = await newOrder(12);
  const { frame, view, page } = await show(
    "orders_get",
    { orderId: order.id },
    {
      context: {
        ...{ theme: "dark", locale: "de-DE", containerDimensions: { maxHeight: 300 } },
        styles: { variables: { "--color-background-primary": "light-dark(#fff, #010203)" } },
      },
    },
  );
  await view.getByRole("heading", { level: 1 }).waitFor();
  const look = () =>
    frame.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      document.querySelector("main")!.getBoundingClientRect().height,
    ]);
  expect(await look()).toEqual(["rgb(1, 2, 3)", 300]);
  expect(await page.locator("iframe").evaluate(({ style }) => style.height)).toBe("300px");
  expect(await view.locator(".sums").textContent()).toMatch(/\d,\d\d\s€$/);
  await page.evaluate(() => {
    window.bridge?.setHostContext({ theme: "light" });
  });
  await view.locator(':root[style*="light;"]').waitFor({ state: "attached" });
  expect(await look()).toEqual(["rgb(255, 255, 255)", 300]);
});

/** A name that is long, without a space, mark-up, and turns what follows around. */
const HOSTILE = `\u202e<img src=x onerror=alert(1)>${"Donaudampfschiff".repeat(8)}`;

/** What can be seen of the views. Each is brought up once, and then looked at in every look. */
const SCENES: Readonly<Record<string, () => Promise<Shown>>> = {
  draft: async () => show("orders_get", { orderId: (await newOrder()).id }),
  long: async () => show("orders_get", { orderId: (await newOrder(MANY, 1234)).id }),
  confirming: async () => {
    const seen = await show("orders_get", { orderId: (await newOrder(MANY)).id });
    await seen.view.getByRole("button", { name: "Confirm order" }).click();
    return seen;
  },
  cancelling: async () => {
    const seen = await show("orders_get", { orderId: (await newOrder(3)).id });
    await seen.view.getByRole("button", { name: "Cancel order" }).click();
    await seen.view.getByRole("button", { name: "Cancel for good" }).click();
    return seen;
  },
  refused: async () => {
    const seen = await show("orders_get", { orderId: (await newOrder(4, 10_000)).id });
    await seen.view.getByRole("button", { name: "Confirm order" }).click();
    await seen.view.getByRole("button", { name: /^Confirm for/ }).click();
    await seen.view.getByRole("alert").waitFor();
    return seen;
  },
  confirmed: async () => {
    const seen = await show("orders_get", { orderId: (await newOrder()).id });
    await seen.view.getByRole("button", { name: "Confirm order" }).click();
    await seen.view.getByRole("button", { name: /^Confirm for/ }).click();
    await seen.view.getByText("is confirmed").waitFor();
    return seen;
  },
  invoice: async () => {
    const { items } = (await call("invoices_list", { status: "open", limit: 50 })) as {
      items: { id: string; totalMinor: number; openMinor: number }[];
    };
    const { id } = items.find(({ totalMinor, openMinor }) => openMinor < totalMinor)!;
    const seen = await show("invoices_get", { invoiceId: id });
    await seen.view.getByRole("row").first().waitFor();
    return seen;
  },
  "a hostile order": async () => {
    const [line] = ((await newOrder(1)) as Order & { lines: object[] }).lines;
    const lines = Array.from({ length: 5 }, () => ({ ...line, name: HOSTILE, sku: HOSTILE }));
    const cancelReason = HOSTILE.repeat(3);
    const order = { ...(await newOrder(1)), customerName: HOSTILE, currency: "JPY", lines };
    const structuredContent = { ...order, status: "cancelled", cancelReason };
    return show("orders_get", {}, { result: { content: [], structuredContent } });
  },
  "a hostile summary": async () => {
    const args = { from: "2026-01-01", to: "2026-12-31" };
    const summary = (await call("sales_summary", args)) as { topProducts: object[] };
    const topProducts = summary.topProducts.map((one) => ({ ...one, name: HOSTILE, sku: HOSTILE }));
    const structuredContent = {
      ...{ ...summary, topProducts, currency: "KWD" },
      ...{ truncated: true, countedUntil: "2026-03-01T00:00:00.000Z" },
    };
    return show("sales_summary", args, { result: { content: [], structuredContent } });
  },
  waiting: () => show("orders_get", {}, { result: "none" }),
  missing: () => show("orders_get", {}, { result: failed("not_found: There is no such order.") }),
  sales: () => show("sales_summary", { from: "2026-01-01", to: "2026-12-31" }),
  table: async () => {
    const seen = await show("sales_summary", { from: "2026-01-01", to: "2026-12-31" });
    await seen.view.getByRole("button", { name: "Table" }).click();
    return seen;
  },
  nothing: () => show("sales_summary", { from: "2020-01-01", to: "2020-01-31" }),
};

/** Each theme and each width once: neither changes what the other does. */
const LOOKS = [
  ["light", 1000],
  ["dark", 300],
] as const;

/** What a view measures once it has been drawn anew: it measures itself too, so that takes a second look. */
const sizeOf = ({ frame }: Shown) =>
  frame.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let times = 0; times < 3; times++) await drawn();
    return {
      sideways: document.documentElement.scrollWidth - innerWidth,
      height: document.querySelector("main")!.getBoundingClientRect().height,
    };
  });

const violationsIn = async ({ frame }: Shown): Promise<unknown[]> => {
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
      rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
    }),
  );
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
};

test.each(Object.entries(SCENES))(
  "%s fits into any width and 500 pixels of height, and axe finds nothing, in light and dark",
  async (name, bringUp) => {
    const seen = await bringUp();
    await seen.frame.evaluate(AXE);
    for (const [theme, width] of LOOKS) {
      await seen.page.setViewportSize({ width, height: 640 });
      await seen.page.evaluate((one) => {
        window.bridge?.setHostContext({ theme: one });
      }, theme);
      await seen.view.locator(`:root[style*="${theme}"]`).waitFor({ state: "attached" });
      const size = await sizeOf(seen);
      await keepPicture(seen.page, `view-${name.replaceAll(" ", "-")}-${theme}-${String(width)}`);
      expect([theme, width, size.sideways, size.height <= 500]).toEqual([theme, width, 0, true]);
      expect([theme, width, await violationsIn(seen)]).toEqual([theme, width, []]);
    }
  },
);
