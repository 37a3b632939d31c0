/** Each page by itself: readable by everyone, at every width, in light and dark, and taken by the browser without a complaint. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GALLERY } from "./gallery";
import { connectBrowser, keepPicture, newPerson, sideways } from "./person";
import { startSite, type Site } from "./site";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NAMES = Object.keys(GALLERY);
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [320, 768, 1280];

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), connectBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

describe.each(SCHEMES)("in %s", (colorScheme) => {
  test.each(WIDTHS)(
    "every page fits into %i pixels, and its header names its style",
    async (width) => {
      const { page, complaints, leave } = await newPerson(browser, {
        ...{ colorScheme, viewport: { width, height: 800 } },
      });
      for (const name of NAMES) {
        await page.goto(`${site.url}/gallery/${name}`);
        await keepPicture(page, `${name}-${colorScheme}-${String(width)}`);
        expect([name, await sideways(page), complaints]).toEqual([name, 0, []]);
        expect(await page.evaluate(() => getComputedStyle(document.body).margin)).toBe("0px");
      }
      await leave();
    },
  );

  test("axe finds nothing, with the contrast of AAA", async () => {
    const { page, leave } = await newPerson(browser, { colorScheme, bypassCSP: true });
    for (const name of NAMES) {
      await page.goto(`${site.url}/gallery/${name}`);
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() =>
        (
          globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }
        ).axe.run({
          rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
        }),
      );
      const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect([name, found]).toEqual([name, []]);
      expect(passes.map(({ id }) => id)).toContain("color-contrast-enhanced");
    }
    await leave();
  });
});

test("targets are at least 44 pixels high, and names of others are nothing but text", async () => {
  const { page, leave } = await newPerson(browser, { viewport: { width: 320, height: 800 } });
  for (const name of NAMES) {
    await page.goto(`${site.url}/gallery/${name}`);
    const small = await page
      .locator("button, a, label.pick, input:not([type=hidden]):not(.pick input)")
      .evaluateAll((all) =>
        all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
      );
    expect([name, small, await page.locator("script").count()]).toEqual([name, [], 0]);
  }
  await leave();
});

test("the watch of violations sees one", async () => {
  const { page, complaints, leave } = await newPerson(browser);
  await page.goto(`${site.url}/gallery/violating`);
  expect(complaints.join()).toContain("Content Security Policy");
  await leave();
});
