/** A new key on the console: it is made as the form says, and shown once. */
import { describe, expect, test } from "vitest";
import { FINE, look } from "./consoleSite";
import { site, operator, dialog, press, keyNamed, everything, createKey } from "./keyForms";

describe("a new key", () => {
  test("is shown once, with lines for each client, and works", async () => {
    const { page } = operator;
    const key = await createKey("Claude of the sales team");
    const shown = dialog("The key “Claude of the sales team”");
    for (const client of ["Cursor", "OpenAI API", "curl", "Claude Code"]) {
      await shown.getByLabel("Lines for a client").selectOption(client);
      const lines = await shown.getByLabel(`For ${client}`, { exact: true }).innerText();
      expect(lines).toContain(key);
      expect(lines).toContain(site.mcpUrl);
    }
    expect(await look(operator, "console-key-shown")).toEqual(FINE);
    await page.keyboard.press("Escape");
    await shown.waitFor();
    await press("Done");
    await shown.waitFor({ state: "detached" });
    const { isError } = await site.call(key, "customers_search", { limit: 1 });
    expect(isError).not.toBe(true);
    expect(await everything(page)).not.toContain(key.slice(-20));
    await page.getByRole("table", { name: "Keys" }).getByText("Claude of the sales team").waitFor();
    expect(await everything(page)).not.toContain(key.slice(-20));
  });

  test("is gone once the screen is left", async () => {
    const { page, go } = operator;
    const key = await createKey("Left alone");
    expect(await everything(page)).toContain(key.slice(-20));
    await go("/roles");
    await page.getByRole("region", { name: "Roles and tools" }).waitFor();
    expect(await everything(page)).not.toContain(key.slice(-20));
    await page.goBack();
    await page.getByRole("table", { name: "Keys" }).waitFor();
    expect(await everything(page)).not.toContain(key.slice(-20));
  });

  test("is as narrow as the form says", async () => {
    const { page } = operator;
    await createKey("Narrow", async () => {
      const form = dialog("Create a key");
      await form.getByText("Some", { exact: true }).click();
      await form.getByLabel("Find a tool").fill("orders_");
      await form.getByRole("checkbox", { name: /orders_list/ }).check();
      await form.getByRole("checkbox", { name: /orders_confirm/ }).check();
      await form.getByLabel("A person must approve").fill("orders_*");
      await page.keyboard.press("Enter");
      await form.getByText("Limits, fixed arguments, unattended").click();
      await form.getByLabel("Limits").fill("orders_confirm.expectedTotalMinor<=100000");
      await form.getByLabel("Fixed arguments").fill("orders_list.status=draft");
      expect(await look(operator, "console-key-form")).toEqual(FINE);
    });
    await press("Done");
    expect(await keyNamed("Narrow")).toMatchObject({
      ...{ tools: ["orders_list", "orders_confirm"], approval: ["orders_*"] },
      constraints: { orders_confirm: { expectedTotalMinor: { max: 100_000 } } },
      fixed: { orders_list: { status: "draft" } },
    });
  });

  test("that is refused is asked for again, with what was typed", async () => {
    const { page, go } = operator;
    await go("/keys");
    await press("Create key");
    const form = dialog("Create a key");
    await form.getByLabel("Name").fill("Wrong");
    await form.getByLabel("Tenant").fill("nowhere");
    await form.getByRole("button", { name: "Create key" }).click();
    await form.getByRole("alert").getByText("invalid_arguments").waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Wrong");
    await form.getByText("Limits, fixed arguments, unattended").click();
    await form.getByLabel("Limits").fill("nonsense");
    await form.getByRole("button", { name: "Create key" }).click();
    await form.getByRole("alert").getByText("Write tool.path<=N").waitFor();
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
  });
});

// Last, because the page's clock stays another.
test("a new key goes by itself after ten minutes", async () => {
  const { page } = operator;
  await page.clock.install();
  await page.reload();
  const key = await createKey("Forgotten");
  await page.clock.fastForward(9 * 60_000);
  expect(await everything(page)).toContain(key.slice(-20));
  await page.clock.fastForward(61_000);
  await dialog(/Forgotten/).waitFor({ state: "detached" });
  expect(await everything(page)).not.toContain(key.slice(-20));
});
