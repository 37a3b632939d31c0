/** Connections and roles on the console, before the running server. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ConnectionInfo } from "../../src/operate/connections";
import type { Role } from "../../src/operate/roles";
import { connectByOauth } from "./consoleConnect";
import { FINE, look } from "./consoleSite";
import { site, browser, operator, dialog, press } from "./keyForms";

beforeAll(async () => {
  await connectByOauth(browser, site, { name: "Hermes Agent", key: site.key("sales") });
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
