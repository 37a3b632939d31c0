/**
 * The pictures of docs/console.md, of a deployment with an hour of traffic and calls that wait. They are written there with
 * `PICTURES=docs npm run browser consolePictures`, since no two runs give the same bytes.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { FINE, look, openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

const MINUTES = 50;

const start = Date.now() - (MINUTES + 1) * 60_000;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
const site = serveConsole();
let browser: Browser;
let operator: Operator;

interface Call {
  readonly role: string;
  readonly tool: string;
  readonly args: object;
}

/** What agents do in a minute: more in the middle of the hour, now and then something that fails or is denied. */
const callsOf = (minute: number): Call[] => {
  const searches = 2 + Math.round(2 * Math.sin(minute / 8)) + (minute % 3);
  const made = { name: `Customer ${minute}`, email: `c${minute}@customer.example` };
  return [
    ...Array.from({ length: searches }, (_, at) => ({
      ...{ role: "sales", tool: "customers_search", args: { limit: at + 1 } },
    })),
    { role: "viewer", tool: "orders_list", args: { limit: 5 } },
    ...(minute % 4 === 0 ? [{ role: "sales", tool: "customers_create", args: made }] : []),
    ...(minute % 9 === 0 ? [{ role: "sales", tool: "orders_cancel", args: { orderId: "x" } }] : []),
    ...(minute % 13 === 0 ? [{ role: "viewer", tool: "customers_create", args: made }] : []),
  ];
};

const seedTraffic = async (): Promise<void> => {
  for (let minute = 0; minute < MINUTES; minute++) {
    vi.setSystemTime(start + minute * 60_000);
    for (const { role, tool, args } of callsOf(minute)) await site.call(site.key(role), tool, args);
  }
};

interface Item {
  readonly id: string;
  readonly openMinor?: number;
}

const listed = async (role: string, tool: string, args: object): Promise<readonly Item[]> => {
  const { structuredContent } = await site.call(site.key(role), tool, args);
  return (structuredContent as unknown as { items: Item[] }).items;
};

/** Two calls that a person must approve. */
const holdCalls = async (): Promise<void> => {
  const [product] = await listed("warehouse", "products_search", { limit: 1 });
  const loss = { productId: product!.id, quantity: -3, reason: "damaged", note: "Water in hall 2" };
  await site.call(site.key("warehouse"), "stock_adjust", loss);
  const open = await listed("accounting", "invoices_list", { status: "open", limit: 50 });
  const { id: invoiceId, openMinor = 0 } = open.toSorted(
    (a, b) => (b.openMinor ?? 0) - (a.openMinor ?? 0),
  )[0]!;
  const paid = { invoiceId, amountMinor: openMinor, method: "bank_transfer", reference: "BK-4711" };
  await site.call(site.key("accounting"), "payments_record", paid);
};

beforeAll(async () => {
  browser = await connectBrowser();
  await seedTraffic();
  vi.setSystemTime(start + MINUTES * 60_000);
  await holdCalls();
  vi.useRealTimers();
  operator = await openConsole(browser, site);
}, 120_000);
afterAll(() => browser.close());

const DOCS = path.join(import.meta.dirname, "../../docs/pictures");

/** Keeps a picture for people to look at; and one for the docs, if it is asked for. */
const picture = async (name: string): Promise<void> => {
  expect(await look(operator, name)).toEqual(FINE);
  if (process.env.PICTURES !== "docs") return;
  mkdirSync(DOCS, { recursive: true });
  await operator.page.screenshot({ path: path.join(DOCS, `${name}.png`) });
};

const shown = (page: Page, text: string | RegExp) =>
  page.getByRole("main").getByText(text).first().waitFor();

test("the overview", async () => {
  const { page, go } = operator;
  await go("/");
  await shown(page, "The newest two minutes are not in it.");
  await picture("console-overview");
});

test("what waits", async () => {
  const { page, go } = operator;
  await go("/approvals");
  await page.getByRole("main").locator("[data-row]").first().click();
  await page.getByRole("button", { name: /^Approve/ }).waitFor();
  await picture("console-approvals");
});

test("what a change of a role opens", async () => {
  const { page, go } = operator;
  await go("/roles");
  await page.getByLabel("viewer holds payments:record").click();
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("dialog").waitFor();
  await picture("console-roles");
  await page.keyboard.press("Escape");
});

test("what ends with a key", async () => {
  const { page, go } = operator;
  await go("/keys");
  await page.getByRole("button", { name: "Demo accounting of acme" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByText(/^Ends now, for good/).waitFor();
  await picture("console-revoke");
});
