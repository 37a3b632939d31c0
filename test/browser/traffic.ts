/** An operator before a console whose server has had some calls. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

/** Only calls that are two minutes old are counted, so they are made in the past. */
const AGO = 4 * 60_000;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - AGO });
});
export const site = serveConsole();
export let browser: Browser;
export let operator: Operator;

const seedTraffic = async (): Promise<void> => {
  for (const limit of [1, 2, 3]) await site.call(site.key("sales"), "customers_search", { limit });
  const [sales, viewer] = [site.key("sales"), site.key("viewer")];
  await site.call(sales, "customers_create", {
    name: "Nordwind GmbH",
    email: "a@nordwind.example",
  });
  await site.call(sales, "orders_cancel", { orderId: "nothing" });
  await site.call(viewer, "customers_create", { name: "Nobody", email: "n@nobody.example" });
};

beforeAll(async () => {
  browser = await connectBrowser();
  await seedTraffic();
  vi.useRealTimers();
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

export const main = () => operator.page.getByRole("main");
