/** What leads on from the audit log on the console: to the approval of a call, into a file, and to its seals. */
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/operate/auditLog";
import { FINE, look } from "./consoleSite";
import { site, operator, rows, dialog } from "./auditScreen";

test("a call that waits leads to its approval, and that to the rows of the call", async () => {
  const { page, go } = operator;
  const warehouse = site.key("warehouse");
  const found = await site.call(warehouse, "products_search", { limit: 1 });
  const [product] = (found.structuredContent as { items: { id: string }[] }).items;
  const loss = { productId: product!.id, quantity: -1, reason: "damaged" };
  const { jobId } = (await site.call(warehouse, "stock_adjust", loss)).structuredContent as {
    jobId: string;
  };
  const openRow = async (outcome: string) => {
    await go(`/audit?tool=stock_adjust&outcome=${outcome}`);
    await page.locator("[data-row]").first().click();
    await dialog().getByRole("link", { name: "Its approval" }).click();
    await page.getByRole("article").waitFor();
  };
  await openRow("held");
  expect(page.url()).toContain(`show=waiting&open=${jobId}`);
  await page.getByRole("article").getByText("Nothing has been done yet.").waitFor();
  await page
    .getByRole("article")
    .getByRole("link", { name: /^operation/ })
    .click();
  await expect.poll(() => rows().count()).toBe(1);
  await site.run("admin:decideApproval", { jobId, verdict: "deny", by: "Ada" });
  // The row of the decision leads there too.
  await openRow("succeeded");
  expect(page.url()).toContain(`open=${jobId}`);
  await page
    .getByRole("article")
    .getByText(/^Denied by Ada/)
    .waitFor();
});

test("an export is a file of JSON lines with what the filters find", async () => {
  const { page, go } = operator;
  await go("/audit?tool=customers_search");
  await rows().first().waitFor();
  const shown = await rows().count();
  await page.getByRole("button", { name: "Export…" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog().getByRole("button", { name: "Export" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^audit-[\dT-]+\.jsonl$/);
  const file = path.join(await mkdtemp(path.join(tmpdir(), "audit-")), "rows.jsonl");
  await download.saveAs(file);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const tools = lines.map((line) => (JSON.parse(line) as AuditEntry).tool);
  expect(tools).toEqual(Array.from({ length: shown }, () => "customers_search"));
  await dialog()
    .getByText(`${String(shown)} rows are in the file.`)
    .waitFor();
  await page.keyboard.press("Escape");
});

describe("the seals", () => {
  const check = async () => {
    const { page } = operator;
    await page.getByRole("button", { name: "Check…" }).click();
    await dialog().getByRole("button", { name: "Check" }).click();
    await dialog().getByRole("button", { name: "Close", exact: true }).last().waitFor();
  };

  test("find nothing in a log that nobody touched, and say up to when they stand", async () => {
    const { page, go } = operator;
    await site.operate("admin:sealAudit", {});
    await page.reload();
    await go("/audit");
    await page
      .getByText(
        /^Newest seal: .+, up to \d\d:\d\d\. (No row waits for the next seal|\d+ rows? waits?)/,
      )
      .waitFor();
    await check();
    await dialog()
      .getByText(/^Nothing was found/)
      .waitFor();
    expect(await dialog().innerText()).toMatch(/\d+ rows under 1 seals? were checked/);
    expect(await look(operator, "console-audit-check")).toEqual(FINE);
    await page.keyboard.press("Escape");
  });

  test("are missed, if rows wait long for one", async () => {
    const { page, go } = operator;
    const since = new Date(Date.now() - 40 * 60_000).toISOString();
    const at = new Date(Date.now() - 50 * 60_000).toISOString();
    await page.route("**/console/run", (route) =>
      (route.request().postData() ?? "").includes("auditHead")
        ? route.fulfill({
            json: { value: { head: "3.x", at, sealedTo: since, waiting: { rows: 100, since } } },
          })
        : route.continue(),
    );
    await page.reload();
    await go("/audit");
    await page.getByText("The record is not being sealed").waitFor();
    const main = await page.getByRole("main").innerText();
    expect(main).toMatch(/100 rows or more wait for their seal, the oldest since .*\d\d:\d\d\./);
    expect(await look(operator, "console-audit-late")).toEqual(FINE);
    await page.unroute("**/console/run");
  });

  test("name what does not fit, each with its place", async () => {
    const { page } = operator;
    await page.route("**/console/run", async (route) => {
      if (!(route.request().postData() ?? "").includes("verifyAudit")) return route.continue();
      const faults = [
        { kind: "changed", place: "row k57 is not as seal 0 says", seal: 0 },
        { kind: "seal_missing", place: "seal 1 is gone", seal: 1 },
      ];
      const checked = { rows: 100, seals: 1, removed: 40 };
      await route.fulfill({
        json: { value: { faults, checked, sealedTo: null, nextCursor: null } },
      });
    });
    await check();
    await dialog().getByText("2 faults found").waitFor();
    for (const part of ["row k57 is not as seal 0 says", "seal 1 is gone", "40 older rows"])
      expect(await dialog().innerText()).toContain(part);
    expect(await look(operator, "console-audit-faults")).toEqual(FINE);
    await page.keyboard.press("Escape");
    await page.unroute("**/console/run");
  });
});
