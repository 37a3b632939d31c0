/** The views of the ERP in every state: each fits, and axe finds nothing, in light and dark. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { type Shown } from "./host/host";
import { keepPicture } from "./person";
import { show, type Order, call, MANY, newOrder, failed } from "./orderViews";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
