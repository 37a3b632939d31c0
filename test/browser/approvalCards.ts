/** An operator before the calls that wait for a person, with short ways to make, open and decide one. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { ApprovalInfo } from "../../src/approvals/info";
import { openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

export const site = serveConsole();
export let browser: Browser;
export let operator: Operator;
export let productId: string;

interface Product {
  readonly id: string;
}

beforeAll(async () => {
  browser = await connectBrowser();
  const found = await site.call(site.key("warehouse"), "products_search", { limit: 1 });
  productId = (found.structuredContent as { items: Product[] }).items[0]!.id;
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

export const main = () => operator.page.getByRole("main");
export const entries = () => main().locator("[data-row]");
export const card = () => main().getByRole("article");
export const dialog = () => operator.page.getByRole("dialog");

export let asked = 0;

/** A write-off that nobody has asked for yet. @returns the id of the held call */
export const hold = async (note?: string, key = site.key("warehouse")): Promise<string> => {
  asked += 1;
  const args = {
    productId,
    quantity: -asked,
    reason: "damaged",
    ...(note !== undefined && { note }),
  };
  const { structuredContent } = await site.call(key, "stock_adjust", args);
  return (structuredContent as { jobId: string }).jobId;
};

export const onHand = async (): Promise<number> => {
  const { structuredContent } = await site.call(site.key("warehouse"), "stock_level", {
    productId,
  });
  return (structuredContent as { onHand: number }).onHand;
};

export const stateOf = async (jobId: string): Promise<ApprovalInfo> =>
  site.run("admin:getApproval", { jobId });

export const open = async (jobId: string) => {
  await operator.go(`/approvals?show=waiting&open=${jobId}`);
  await card().getByText("Nothing has been done yet.").waitFor();
};

export const decide = async (button: "Approve and run" | "Deny", name = "Ada"): Promise<void> => {
  await card().getByRole("button", { name: button }).click();
  await dialog().getByLabel("Your name").fill(name);
  await dialog().getByRole("button", { name: button }).click();
  await dialog().waitFor({ state: "detached" });
};
