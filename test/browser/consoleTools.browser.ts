/** The tools on the console and its playground, before the running server. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { FINE, look, openConsole, serveConsole, WAYS, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

const site = serveConsole();
let browser: Browser;
let operator: Operator;

beforeAll(async () => {
  browser = await connectBrowser();
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

const main = () => operator.page.getByRole("main");
const answer = () => operator.page.getByRole("region", { name: "Answer" });
const call = () => operator.page.getByRole("button", { name: "Call", exact: true }).click();

const useKey = async (key: string, { page }: Operator = operator) => {
  const forget = page.getByRole("button", { name: "Forget it" });
  if (await forget.isVisible()) await forget.click();
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Use key" }).click();
  await forget.waitFor();
};

test("as a key: how many it sees, and why not the others", async () => {
  const { page, go } = operator;
  await go("/tools");
  await main().getByText("periods_close").waitFor();
  const seen = `It sees 8 of ${String(Object.keys(app.tools).length)} tools.`;
  await page.getByRole("combobox", { name: "As the key" }).fill("warehouse");
  await page.getByRole("option", { name: /warehouse · acme/ }).click();
  await main().getByText(seen).waitFor();
  await main().getByText("The role warehouse does not hold payments:record.").waitFor();
  const { key } = Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split("?")[1]));
  await page.reload();
  await main().getByText(seen).waitFor();
  expect(page.url()).toContain(key);
  await page.keyboard.press("/");
  await page.keyboard.type("stock");
  await expect.poll(() => main().locator("[data-row]").count()).toBe(3);
  await page.getByLabel("Find").fill("nothing like that");
  await main().getByText("No tool matches").waitFor();
});

test("a tool says what it takes, in words and as its schema", async () => {
  const { page, go } = operator;
  await go("/tools");
  await main().locator("[data-row]").first().waitFor();
  await main().getByRole("heading", { name: "Tools" }).click();
  for (let at = 0; at < 9; at += 1) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await main().getByRole("heading", { name: "Correct stock" }).waitFor();
  const text = await main().innerText();
  for (const part of [
    "writes, may destroy",
    "does it again",
    "-100000 to 100000",
    '"damaged" | "lost"',
  ])
    expect(text).toContain(part);
  await page.getByText("JSON Schema").first().click();
  await page.getByText('"additionalProperties": false').first().waitFor();
});

describe("the playground", () => {
  test("names what is missing at its field, and calls nothing before it is there", async () => {
    const { page, go } = operator;
    await go("/tools?tool=stock_adjust&tab=call");
    await page.getByText("Paste a key first.").waitFor();
    await useKey(site.key("warehouse"));
    await call();
    const product = page.getByRole("textbox", { name: /^productId/ });
    await expect.poll(() => product.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByText("is required", { exact: true }).count()).toBe(3);
    expect(await answer().count()).toBe(0);
    await product.fill("p");
    await expect.poll(() => page.getByText("is required", { exact: true }).count()).toBe(2);
  });

  test("calls by the form, and shows what the tool says", async () => {
    const { page, go } = operator;
    await go("/tools?tool=products_search&tab=call");
    await page.getByRole("textbox", { name: /^text/ }).fill("bolt");
    await page.getByRole("textbox", { name: /^limit/ }).fill("2");
    await call();
    await answer()
      .getByText(/HTTP 200/)
      .waitFor();
    await answer().getByText("Result", { exact: true }).waitFor();
    expect(await answer().innerText()).toContain('"unitPriceMinor"');
  });

  test("takes JSON for the same arguments, and shows a refusal as it is", async () => {
    const { page, go } = operator;
    await go("/tools?tool=orders_create&tab=call");
    await page.getByText("JSON", { exact: true }).click();
    const field = page.getByRole("textbox", { name: "Arguments" });
    await field.fill('{"customerId": "c", "lines": [{"productId": "p", "quantity": 0}]}');
    await page.getByText("lines.0.quantity is less than 1").waitFor();
    await call();
    // The key of the warehouse does not see this tool.
    await answer().getByText("Error", { exact: true }).waitFor();
    expect(await answer().innerText()).toMatch(/HTTP 200|HTTP 4\d\d/);
    await field.fill("{");
    await page.getByRole("listitem").getByText(/JSON/).waitFor();
  });

  test("shows a stream as it comes", async () => {
    const { page, go } = operator;
    await useKeyOf("sales");
    await go("/tools?tool=customers_import&tab=call");
    await page.getByText("JSON", { exact: true }).click();
    const lines = Array.from({ length: 120 }, (_, at) =>
      JSON.stringify({ name: `Import ${String(at)}`, email: `import-${String(at)}@example.com` }),
    ).join("\n");
    await page.getByRole("textbox", { name: "Arguments" }).fill(JSON.stringify({ lines }));
    await call();
    await answer().getByText("Told on the way").first().waitFor();
    await answer().getByText("Result", { exact: true }).waitFor({ timeout: 30_000 });
    await answer()
      .getByText(/HTTP 200, event stream, /)
      .waitFor();
  });

  const useKeyOf = async (role: string) => {
    await operator.go("/tools?tool=jobs_get&tab=call");
    await useKey(site.key(role));
  };

  test("says that a key is none, and what the endpoint thinks of a wrong one", async () => {
    const { page } = operator;
    await useKeyOf("sales");
    await page.getByRole("button", { name: "Forget it" }).click();
    await page.getByLabel("Key", { exact: true }).fill("sk-anything");
    await page.getByRole("button", { name: "Use key" }).click();
    await page.getByText(/This is no key/).waitFor();
    await useKey(`${site.key("sales").slice(0, -6)}000000`);
    await operator.go("/tools?tool=products_search&tab=call");
    await call();
    await answer()
      .getByText(/HTTP 401/)
      .waitFor();
  });

  test("keeps the key nowhere: not on the page, in the address, in a storage or in the line for a terminal", async () => {
    const { page, go } = operator;
    await go("/tools?tool=products_search&tab=call");
    await useKey(site.key("admin"));
    await page.getByText("The same in a terminal").click();
    await page.getByText(/\$TOOLGATE_KEY/).waitFor();
    const kept = await page.evaluate(() => [
      ...[document.documentElement.outerHTML, location.href],
      ...[
        JSON.stringify(Object.entries(localStorage)),
        JSON.stringify(Object.entries(sessionStorage)),
      ],
      ...[...document.querySelectorAll("input, textarea")].map(
        (field) => (field as HTMLInputElement).value,
      ),
    ]);
    const secret = site.key("admin").split("_").at(-1)!;
    expect(kept.filter((text) => text.includes(secret))).toEqual([]);
    await page.reload();
    await page.getByText("Paste a key first.").waitFor();
  });

  test("asks before a write on production, and not before it reads", async () => {
    const other = await openConsole(browser, site);
    const { page } = other;
    await page.route("**/console/about", async (route) => {
      const about = { deployment: "happy-animal-123", kind: "production", mcpUrl: site.mcpUrl };
      await route.fulfill({ json: about });
    });
    await page.reload();
    await other.go("/tools?tool=stock_adjust&tab=call");
    await useKey(site.key("warehouse"), other);
    await page.getByText("JSON", { exact: true }).click();
    const args = { productId: "none", quantity: 1, reason: "received" };
    await page.getByRole("textbox", { name: "Arguments" }).fill(JSON.stringify(args));
    const calls: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/console/mcp")) calls.push(request.postData() ?? "");
    });
    await page.getByRole("button", { name: "Call", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Call stock_adjust on production?" });
    await dialog.waitFor();
    // Enter presses what has the focus, which calls nothing.
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(calls).toEqual([]);
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await dialog.getByRole("button", { name: "Call it" }).click();
    await page.getByRole("region", { name: "Answer" }).getByText("The tool failed").waitFor();
    expect(calls).toHaveLength(1);
    await other.leave();
  });
});

test.each(WAYS)("it is in order at $width px, $colorScheme", async ({ width, colorScheme }) => {
  const viewer = await openConsole(browser, site, { width, colorScheme });
  const name = `console-tools-${String(width)}-${colorScheme}`;
  const { page } = viewer;
  await viewer.go("/tools");
  await page.locator("[data-row]").first().waitFor();
  expect(await look(viewer, name)).toEqual(FINE);
  await viewer.go("/tools?tool=stock_adjust");
  await page.getByRole("heading", { name: "Correct stock" }).waitFor();
  expect(await look(viewer, `${name}-about`)).toEqual(FINE);
  await viewer.go("/tools?tool=orders_create&tab=call");
  await useKey(site.key("sales"), viewer);
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.getByText("is required", { exact: true }).first().waitFor();
  expect(await look(viewer, `${name}-call`)).toEqual(FINE);
  await viewer.leave();
});
