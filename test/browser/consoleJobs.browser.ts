/** The jobs on the console, before the running server. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { FINE, look, openConsole, serveConsole, WAYS, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

const site = serveConsole();
let browser: Browser;
let operator: Operator;

const linesFor = (count: number, name: string): string =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({ name: `${name} ${String(at)}`, email: `${name}-${String(at)}@example.com` }),
  ).join("\n");

/** A job that takes longer than a test, unless it is cancelled. */
const startImport = (name: string, count = 3_000) =>
  site.call(site.key("sales"), "customers_import", { lines: linesFor(count, name) });

beforeAll(async () => {
  browser = await connectBrowser();
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

const main = () => operator.page.getByRole("main");
const rows = () => operator.page.locator("tbody tr");

test("nothing runs, nothing has run: both lists say so", async () => {
  const { page, go } = operator;
  await go("/jobs");
  await main().getByText("No job runs").waitFor();
  await page.getByText("Ended", { exact: true }).click();
  await main().getByText("No job has ended yet").waitFor();
});

test("a job says how far it is, and is cancelled with a reason that is kept", async () => {
  const { page, go } = operator;
  const call = startImport("long");
  await go("/jobs?show=running");
  await rows()
    .getByText(/ of 3,000/)
    .waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const opened = page.getByRole("dialog", { name: "Import customers" });
  await opened.getByText("Working").waitFor();
  await opened.getByRole("button", { name: "Cancel job…" }).click();
  const asked = page.getByRole("dialog", { name: "Cancel “Import customers”?" });
  await asked.getByText("Stops at its next step; what it did stays.").waitFor();
  expect(await look(operator, "console-jobs-cancel")).toEqual(FINE);
  // The focus is on what keeps the job.
  await page.keyboard.press("Enter");
  await asked.waitFor({ state: "detached" });
  await opened.getByRole("button", { name: "Cancel job…" }).click();
  await asked.getByLabel("Reason").fill("Wrong file");
  await asked.getByRole("button", { name: "Cancel job" }).click();
  await page.getByText("The job was told to stop.").waitFor();
  await call;
  await page.keyboard.press("Escape");
  await go("/jobs?show=ended");
  await rows().getByText("Cancelled").waitFor();
  const { entries } = await site.run<{ entries: { method: string; arguments?: string }[] }>(
    "admin:listAudit",
    { limit: 10 },
  );
  const kept = entries.find(({ method }) => method === "jobs/cancel");
  expect(kept?.arguments).toContain("Wrong file");
});

test("an operation leads to its rows in the audit log, and from there to the jobs", async () => {
  const { page, go } = operator;
  await go("/jobs?show=ended");
  await rows().first().click();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /^[\da-f-]{36}$/ })
    .click();
  await page.waitForURL(/audit\?operation=/);
  await rows().first().waitFor();
  await rows().first().click();
  await page.getByRole("link", { name: "Its job" }).click();
  await page.waitForURL(/jobs\?show=ended/);
});

const cancelAll = async (): Promise<void> => {
  const { jobs } = await site.run<{ jobs: { jobId: string }[] }>("admin:listJobs", {
    state: "running",
  });
  for (const { jobId } of jobs) await site.run("admin:cancelJobById", { jobId });
};

test.each(WAYS)("it is in order at $width px, $colorScheme", async ({ width, colorScheme }) => {
  const call = startImport(`import-${String(width)}-${colorScheme}`);
  const viewer = await openConsole(browser, site, { width, colorScheme });
  const { page, go } = viewer;
  const name = `console-jobs-${String(width)}-${colorScheme}`;
  await go("/jobs");
  await page
    .locator("tbody tr")
    .getByText(/ of 3,000/)
    .waitFor();
  expect(await look(viewer, name)).toEqual(FINE);
  await page.locator("[data-row]").first().click();
  await page.getByRole("dialog").getByText("Operation").waitFor();
  expect(await look(viewer, `${name}-job`)).toEqual(FINE);
  await page.keyboard.press("Escape");
  // A machine that imports is slow to look at the rest.
  await cancelAll();
  await call;
  await go("/jobs?show=ended");
  await page.locator("tbody tr").first().waitFor();
  expect(await look(viewer, `${name}-ended`)).toEqual(FINE);
  await viewer.leave();
});
