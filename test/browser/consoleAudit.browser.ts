/** The rows of the audit log on the console: found, opened, and counted when new. */
import type { Request } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/operate/auditLog";
import { FINE, look, openConsole, WAYS } from "./consoleSite";
import { site, browser, operator, rows, dialog } from "./auditScreen";

describe("the rows", () => {
  test("are narrowed by filters that the address keeps", async () => {
    const { page, go } = operator;
    await go("/audit");
    await page.getByLabel("Tool", { exact: true }).fill("orders_create");
    await page.keyboard.press("Enter");
    await page.waitForURL(/tool=orders_create/);
    await expect.poll(() => rows().count()).toBe(1);
    expect(await rows().innerText()).toMatch(/Denied[\s\S]*orders_create[\s\S]*forbidden/);
    await page.reload();
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => rows().count()).toBeGreaterThan(5);
    await page.getByLabel("Tool", { exact: true }).fill("no_such_tool");
    await page.getByLabel("Tool", { exact: true }).blur();
    await page.getByText("No row matches").waitFor();
  });

  test("are found by each filter alone, and the address keeps it over a reload", async () => {
    const { page, go } = operator;
    const { entries } = await site.run<{ entries: AuditEntry[] }>("admin:listAudit", {});
    const one = entries.find(({ tool }) => tool === "orders_create")!;
    const hour = 3_600_000;
    const local = (ms: number) =>
      new Date(ms - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    const at = Date.parse(one.at);
    type Case = readonly [filter: Record<string, string>, fits: (row: AuditEntry) => boolean];
    const cases: Case[] = [
      [{ tool: "orders_create" }, ({ tool }) => tool === "orders_create"],
      [{ outcome: "denied" }, ({ outcome }) => outcome === "denied"],
      [{ keyId: one.keyId! }, ({ keyId }) => keyId === one.keyId],
      [{ tenant: "globex" }, ({ tenant }) => tenant === "globex"],
      [{ operation: one.operation! }, ({ operation }) => operation === one.operation],
      [{ since: "1h" }, () => true],
      [{ since: local(at - hour), until: local(at + hour) }, () => true],
      [{ until: local(at - hour) }, () => false],
      [{ since: local(at + hour) }, () => false],
      [
        { outcome: "succeeded", tenant: "acme" },
        (row) => row.outcome === "succeeded" && row.tenant === "acme",
      ],
    ];
    for (const [filter, fits] of cases) {
      const count = entries.filter(fits).length;
      const search = new URLSearchParams({ live: "off", ...filter }).toString();
      const found = async () =>
        (await page.getByText("No row matches").isVisible()) ? 0 : await rows().count();
      await go(`/audit?${search}`);
      await expect.poll(found, { message: search }).toBe(count);
      await page.reload();
      await expect.poll(found, { message: search }).toBe(count);
      expect(page.url()).toContain(search);
    }
  });

  test("name their keys", async () => {
    const { page, go } = operator;
    await go("/audit?tool=orders_create");
    await rows()
      .first()
      .getByText(/^Demo viewer of acme \(….{4}\)$/)
      .waitFor();
    const options = page
      .getByLabel("Key", { exact: true })
      .locator("xpath=../..")
      .locator("option");
    expect(await options.allTextContents()).toContain("Demo viewer of acme");
  });

  test("do not jump: what is new is counted, and comes in when asked", async () => {
    const { page, go } = operator;
    await go("/audit?tool=customers_search");
    // Until they come, the rows of the filter before stay.
    await rows().getByText("customers_search").waitFor();
    expect(await rows().count()).toBe(1);
    await site.call(site.key("sales"), "customers_search", { limit: 2 });
    await site.call(site.key("sales"), "customers_search", { limit: 3 });
    const news = page.getByRole("button", { name: "2 new" });
    await news.waitFor();
    expect(await rows().count()).toBe(1);
    await news.click();
    await expect.poll(() => rows().count()).toBe(3);
    await expect.poll(() => news.count()).toBe(0);
  });

  test("of other filters are no news, however late the answer that looks for some", async () => {
    const { page, go } = operator;
    // It asks for one row more than it shows.
    const looks = (request: Request) => request.postData()?.includes('"limit":51') === true;
    const looked = page.waitForResponse((response) => looks(response.request()));
    await go("/audit?tool=customers_search");
    await rows().getByText("customers_search").first().waitFor();
    await looked;
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/console/run", async (route) => {
      if (looks(route.request())) await held;
      await route.continue();
    });
    // Filters that no test before has set: the page has no answer to them yet.
    await go("/audit?tool=orders_create&outcome=denied");
    await rows().getByText("orders_create").waitFor();
    expect(await page.getByRole("button", { name: /new$/ }).count()).toBe(0);
    const late = page.waitForResponse((response) => looks(response.request()));
    release();
    await late;
    expect(await page.getByRole("button", { name: /new$/ }).count()).toBe(0);
    await page.unroute("**/console/run");
  });

  test("open by the keyboard with all that is known, and give the focus back", async () => {
    const { page, go } = operator;
    await go("/audit?tool=orders_create");
    await rows().first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    await dialog().getByText("The whole operation").waitFor();
    const text = await dialog().innerText();
    for (const part of ["forbidden", "tools/call", "viewer", "127.0.0.1", '"customerId": "x"'])
      expect(text).toContain(part);
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.hasAttribute("data-row"))).toBe(true);
  });
});

test("without an answer the old rows stay, and say that they are old", async () => {
  const { page, go } = operator;
  await go("/audit?tool=orders_create");
  await rows().first().waitFor();
  await page.route("**/console/run", (route) => route.abort());
  await page
    .getByText(/^Not up to date/)
    .first()
    .waitFor();
  expect(await rows().count()).toBe(1);
  await page.unroute("**/console/run");
});

test.each(WAYS)("it is in order at $width px, $colorScheme", async ({ width, colorScheme }) => {
  const viewer = await openConsole(browser, site, { width, colorScheme });
  const name = `console-audit-${String(width)}-${colorScheme}`;
  await viewer.go("/audit");
  const first = viewer.page.locator("tbody tr").first();
  await first.waitFor();
  // A line, or a card of four lines at most.
  expect((await first.boundingBox())!.height).toBeLessThan(width < 640 ? 130 : 45);
  expect(await look(viewer, name)).toEqual(FINE);
  await viewer.page.locator("[data-row]").first().click();
  await viewer.page.getByText("The whole operation").waitFor();
  expect(await look(viewer, `${name}-row`)).toEqual(FINE);
  await viewer.leave();
});
