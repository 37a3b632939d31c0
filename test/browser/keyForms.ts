/** An operator before the keys of the console, with short ways to fill its forms. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { KeyInfo } from "../../src/operate/keyInfo";
import { openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

export const site = serveConsole();
export let browser: Browser;
export let operator: Operator;

beforeAll(async () => {
  browser = await connectBrowser();
  operator = await openConsole(browser, site);
});

// A test that fails leaves its dialog to no other.
beforeEach(async () => {
  await operator.page.reload();
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

export const dialog = (name: string | RegExp) => operator.page.getByRole("dialog", { name });
/** Presses a button of the dialog on top, or of the page. */
export const press = (name: string) =>
  operator.page
    .locator("main, [role=dialog]")
    .last()
    .getByRole("button", { name, exact: true })
    .click();

export const keyNamed = async (name: string): Promise<KeyInfo> => {
  const { keys } = await site.run<{ keys: KeyInfo[] }>("admin:listKeys", { limit: 200 });
  return keys.find((key) => key.name === name)!;
};

/** All places where a page could leave a secret. */
export const everything = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea, select")];
    return [
      document.documentElement.outerHTML,
      ...fields.map(({ value }) => value),
      JSON.stringify([sessionStorage, localStorage, document.cookie, window.location.href]),
    ].join("\n");
  });

export const shownKey = async (page: Page): Promise<string> => {
  const text = await page.getByLabel("The key", { exact: true }).innerText();
  expect(text).toMatch(/^cvxmcp_(live|test)_/);
  return text;
};

export const createKey = async (
  name: string,
  fill: () => Promise<void> = () => Promise.resolve(),
) => {
  const { page, go } = operator;
  await go("/keys");
  await press("Create key");
  const form = dialog("Create a key");
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Tenant").fill("acme");
  await form.getByRole("combobox", { name: /^Role/ }).selectOption("sales");
  await fill();
  await form.getByRole("button", { name: "Create key" }).click();
  await dialog(new RegExp(name)).waitFor();
  return shownKey(page);
};

/** Makes a key without the page, and opens it there. */
export const openNewKey = async (name: string) => {
  const approval = ["orders_*"];
  await site.run("admin:createKey", { tenant: "acme", role: "sales", name, approval });
  await openKey(name);
};

export const openKey = async (name: string) => {
  await operator.go("/keys");
  await operator.page.getByRole("button", { name, exact: true }).click();
  await dialog(name).getByText("Its calls").waitFor();
};
