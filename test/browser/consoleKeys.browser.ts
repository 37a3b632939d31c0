/** What an operator does with a key on the console: change, rotate and revoke it. */
import { beforeAll, describe, expect, test } from "vitest";
import type { KeyInfo } from "../../src/operate/keyInfo";
import { connectByOauth } from "./consoleConnect";
import { FINE, look, openConsole } from "./consoleSite";
import {
  site,
  browser,
  operator,
  dialog,
  press,
  keyNamed,
  everything,
  shownKey,
  openNewKey,
  openKey,
} from "./keyForms";

beforeAll(async () => {
  await connectByOauth(browser, site, { name: "Hermes Agent", key: site.key("sales") });
});

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
