/** An operator before the audit log of the console, with rows that are old enough for a seal. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

/** Only rows that are two minutes old get a seal, so the first are made in the past. */
const AGO = 5 * 60_000;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - AGO });
});
export const site = serveConsole();
export let browser: Browser;
export let operator: Operator;

beforeAll(async () => {
  browser = await connectBrowser();
  await site.call(site.key("sales"), "customers_search", { limit: 1 });
  await site.call(site.key("viewer"), "orders_create", { customerId: "x", lines: [] });
  vi.useRealTimers();
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

export const rows = () => operator.page.locator("tbody tr");
export const dialog = () => operator.page.getByRole("dialog");
