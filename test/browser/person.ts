/** A person at a browser: a window of its own, with a watch for what the browser refuses. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { inject } from "vitest";

/** The browser that all files share. */
export const connectBrowser = (): Promise<Browser> => chromium.connect(inject("chromium"));

export interface Person {
  readonly page: Page;
  /** What the browser complains of: violations of the Content-Security-Policy, scripts that fail. */
  readonly complaints: readonly string[];
  readonly leave: () => Promise<void>;
}

export const newPerson = async (
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Person> => {
  const context = await browser.newContext({ viewport: { width: 768, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A page of a problem has a status that the browser mentions.
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  return { page, complaints, leave: () => context.close() };
};

const FOLDER = path.join(import.meta.dirname, "../../.screenshots");

/** Keeps a picture for people to look at, in a folder that git ignores. */
export const keepPicture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), fullPage: true });
};

/** How far the page can be scrolled sideways, in pixels. It needs no script of the page. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
