/** Keys, connections and roles on the console, before the running server. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionInfo } from "../../src/operate/connections";
import type { KeyInfo } from "../../src/operate/keyInfo";
import type { Role } from "../../src/operate/roles";
import { connectByOauth } from "./consoleConnect";
import { FINE, look, openConsole, serveConsole, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

const site = serveConsole();
let browser: Browser;
let operator: Operator;

beforeAll(async () => {
  browser = await connectBrowser();
  await connectByOauth(browser, site, { name: "Hermes Agent", key: site.key("sales") });
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

const dialog = (name: string | RegExp) => operator.page.getByRole("dialog", { name });
/** Presses a button of the dialog on top, or of the page. */
const press = (name: string) =>
  operator.page
    .locator("main, [role=dialog]")
    .last()
    .getByRole("button", { name, exact: true })
    .click();

const keyNamed = async (name: string): Promise<KeyInfo> => {
  const { keys } = await site.run<{ keys: KeyInfo[] }>("admin:listKeys", { limit: 200 });
  return keys.find((key) => key.name === name)!;
};

/** All places where a page could leave a secret. */
const everything = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea, select")];
    return [
      document.documentElement.outerHTML,
      ...fields.map(({ value }) => value),
      JSON.stringify([sessionStorage, localStorage, document.cookie, window.location.href]),
    ].join("\n");
  });

const shownKey = async (page: Page): Promise<string> => {
  const text = await page.getByLabel("The key", { exact: true }).innerText();
  expect(text).toMatch(/^cvxmcp_(live|test)_/);
  return text;
};

const createKey = async (name: string, fill: () => Promise<void> = () => Promise.resolve()) => {
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

/** Makes a key without the page, and opens it there. */
const openNewKey = async (name: string) => {
  const approval = ["orders_*"];
  await site.run("admin:createKey", { tenant: "acme", role: "sales", name, approval });
  await openKey(name);
};

const openKey = async (name: string) => {
  await operator.go("/keys");
  await operator.page.getByRole("button", { name, exact: true }).click();
  await dialog(name).getByText("Its calls").waitFor();
};

describe("a key", () => {
  test("is changed, and what was not touched stays", async () => {
    await openNewKey("Of a robot");
    await press("Change");
    const form = dialog("Change “Of a robot”");
    await form.getByLabel("Read only").check();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    expect(await keyNamed("Of a robot")).toMatchObject({ readOnly: true, approval: ["orders_*"] });
  });

  test("is rotated: the new one is shown once, the old one works for a while", async () => {
    const { page } = operator;
    await openNewKey("Old one");
    await press("Rotate");
    await dialog("Rotate “Old one”?").getByRole("button", { name: "Rotate key" }).click();
    const key = await shownKey(page);
    await press("Done");
    await dialog("The key “Old one”").waitFor({ state: "detached" });
    expect(await everything(page)).not.toContain(key.slice(-20));
    await dialog("Old one").getByText("Replaced by").waitFor();
    await page.keyboard.press("Escape");
  });

  test("is revoked only by the button itself: what ends is said, and Enter does nothing", async () => {
    const { page } = operator;
    await openKey("Demo sales of acme");
    await press("Revoke");
    const ask = dialog("Revoke “Demo sales of acme”?");
    await ask.getByText("Ends now, for good: 1 connection.").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await ask.getByLabel("Reason").fill("laptop stolen");
    await page.keyboard.press("Enter");
    await ask.getByRole("button", { name: "Revoke key" }).focus();
    await page.keyboard.press("Enter");
    expect((await keyNamed("Demo sales of acme")).status).toBe("active");
    expect(await look(operator, "console-key-revoke")).toEqual(FINE);
    await ask.getByRole("button", { name: "Cancel" }).click();
    expect((await keyNamed("Demo sales of acme")).status).toBe("active");
  });

  test("says what ends with the keys of its rotations too, if these are to end", async () => {
    const { page, go } = operator;
    type Issued = { key: string; keyId: string };
    const old = await site.run<Issued>("admin:createKey", {
      ...{ tenant: "acme", role: "warehouse", name: "Hall 3" },
    });
    const next = await site.run<Issued>("admin:rotateKey", { keyId: old.keyId, graceMinutes: 60 });
    const found = await site.call(next.key, "products_search", { limit: 1 });
    const [product] = (found.structuredContent as { items: { id: string }[] }).items;
    for (const [at, { key }] of [old, next].entries()) {
      const loss = { productId: product!.id, quantity: -1 - at, reason: "damaged" };
      await site.call(key, "stock_adjust", loss);
    }
    await go(`/keys?key=${old.keyId}`);
    await press("Revoke");
    const ask = dialog("Revoke “Hall 3”?");
    await ask.getByText("Ends now, for good: 1 call that waits for approval.").waitFor();
    await ask.getByLabel("Also the keys before and after it in rotations").check();
    await ask.getByText("Ends now, for good: 2 calls that wait for approval.").waitFor();
    await ask.getByRole("button", { name: "Revoke key" }).click();
    await page.getByText("The key “Hall 3” and those of its rotations are revoked.").waitFor();
    const { keys } = await site.run<{ keys: KeyInfo[] }>("admin:listKeys", { limit: 200 });
    const both = keys.filter(({ name }) => name === "Hall 3");
    expect(both.map(({ status }) => status)).toEqual(["revoked", "revoked"]);
  });

  test("ends with a reason, which is kept, and nothing more can be done with it", async () => {
    await openNewKey("Ends soon");
    await press("Revoke");
    const ask = dialog("Revoke “Ends soon”?");
    await ask.getByText("Nothing runs by it now.").waitFor();
    await ask.getByLabel("Reason").fill("laptop stolen");
    await ask.getByRole("button", { name: "Revoke key" }).click();
    await ask.waitFor({ state: "detached" });
    expect(await keyNamed("Ends soon")).toMatchObject({
      ...{ status: "revoked", revokedReason: "laptop stolen" },
    });
    await dialog("Ends soon").getByText("laptop stolen").waitFor();
    expect(await dialog("Ends soon").getByRole("button", { name: "Revoke" }).count()).toBe(0);
  });
});

test("a connection is opened, and ended once somebody has said so", async () => {
  const { page, go } = operator;
  await go("/connections");
  await page.getByRole("button", { name: /^Hermes Agent/ }).click();
  await page.getByText("No: its name is only its own word").waitFor();
  expect(await look(operator, "console-connection")).toEqual(FINE);
  await press("Disconnect");
  const ask = dialog(/^Disconnect Hermes Agent/);
  await ask.getByText("must ask the user again").waitFor();
  await ask.getByRole("button", { name: "Disconnect" }).click();
  await ask.waitFor({ state: "detached" });
  const list = await site.run<{ connections: ConnectionInfo[] }>("admin:listConnections", {});
  expect(list.connections.map(({ status }) => status)).toEqual(["revoked"]);
  await page.keyboard.press("Escape");
});

const role = async (name: string): Promise<Role> => {
  const roles = await site.run<Role[]>("admin:listRoles", {});
  return roles.find((one) => one.name === name)!;
};

describe("roles", () => {
  test("change once it was said what that opens, and to how many keys", async () => {
    const { page, go } = operator;
    await go("/roles");
    await page.getByLabel("viewer holds payments:record").click();
    await page.getByLabel("viewer holds customers:read").click();
    await page.getByText("viewer: opens payments_record to 2 keys").waitFor();
    expect((await role("viewer")).permissions).not.toContain("payments:record");
    await press("Review");
    const review = dialog("Save these changes?");
    const text = await review.innerText();
    expect(text).toContain("Opens payments_record to 2 keys");
    expect(text).toContain("Closes customers_search, customers_get for 2 keys");
    expect(await look(operator, "console-roles-review")).toEqual(FINE);
    await review.getByRole("button", { name: "Save" }).click();
    await review.waitFor({ state: "detached" });
    const { permissions } = await role("viewer");
    expect(permissions).toContain("payments:record");
    expect(permissions).not.toContain("customers:read");
    expect(await page.getByText(/^1 change|^2 changes/).count()).toBe(0);
  });

  test("stay as they are if what was ticked is discarded", async () => {
    const { page, go } = operator;
    await go("/roles");
    await page.getByLabel("viewer holds stock:adjust").click();
    await press("Discard");
    expect(await page.getByLabel("viewer holds stock:adjust").isChecked()).toBe(false);
    expect((await role("viewer")).permissions).not.toContain("stock:adjust");
  });

  test("can be under approval, and begin like another", async () => {
    const { page, go } = operator;
    await go("/roles");
    await press("Change the approvals of accounting");
    await dialog("Approval for accounting").getByLabel("A person must approve").fill("payments_*");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await dialog("Approval for accounting").getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await role("accounting")).approval).toEqual(["payments_*"]);
    await press("Create role");
    const form = dialog("Create a role");
    await form.getByLabel("Name").fill("support");
    await form.getByLabel("Begins with").selectOption("sales");
    await form.getByRole("button", { name: "Create role" }).click();
    await form.waitFor({ state: "detached" });
    const [made, like] = [await role("support"), await role("sales")];
    expect(made.permissions).toEqual(like.permissions.toSorted());
    await page.getByLabel("support holds orders:create").waitFor();
  });
});

test.each(["light", "dark"] as const)("on a phone it is in order, %s", async (colorScheme) => {
  const phone = await openConsole(browser, site, { width: 360, colorScheme });
  await phone.go("/keys");
  await phone.page.getByRole("button", { name: "Demo admin of acme" }).click();
  await phone.page.getByText("Its calls").waitFor();
  expect(await look(phone, `console-key-360-${colorScheme}`)).toEqual(FINE);
  await phone.page.getByRole("button", { name: "Revoke" }).click();
  await phone.page.getByText("Nothing runs by it now.").waitFor();
  expect(await look(phone, `console-revoke-360-${colorScheme}`)).toEqual(FINE);
  await phone.page.keyboard.press("Escape");
  await phone.page.keyboard.press("Escape");
  await phone.page.getByRole("button", { name: "Create key" }).click();
  await phone.page.getByLabel("Name").waitFor();
  expect(await look(phone, `console-create-360-${colorScheme}`)).toEqual(FINE);
  expect([phone.complaints, phone.foreign]).toEqual([[], []]);
  await phone.leave();
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
