/** The console when something takes its time, fails or changes meanwhile: nothing is lost, done twice, or said of another thing. */
import type { Request } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import type { KeyInfo } from "../../src/operate/keyInfo";
import { openConsole } from "./consoleSite";
import { browser, createKey, dialog, keyNamed, operator, press, site } from "./keyForms";

const rows = () => operator.page.locator("tbody tr");
const asks = (request: Request, name: string) => request.postData()?.includes(`"${name}"`) === true;

/** Holds back the answers of one function that somebody asks from now on. @returns what lets them go */
const hold = async (name: string, fits: (text: string) => boolean = () => true) => {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await operator.page.route("**/console/run", async (route) => {
    if (asks(route.request(), name) && fits(route.request().postData() ?? "")) await held;
    await route.continue();
  });
  return release;
};

afterEach(() => operator.page.unrouteAll({ behavior: "ignoreErrors" }));

describe("the link of another start", () => {
  test("works in a tab that is open, and leaves its address", async () => {
    const { page, go } = operator;
    await go("/keys");
    await page.evaluate(() => {
      window.location.hash = "t=of-a-start-that-is-over";
    });
    await page.getByText("does not take the token").waitFor();
    expect(page.url()).toBe(`${site.origin}/console`);
    await page.evaluate((token) => {
      window.location.hash = `t=${token}`;
    }, site.token);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    expect(page.url()).not.toContain(site.token);
  });
});

describe("a key", () => {
  test("is not taken for the one that was open before", async () => {
    const { page, go } = operator;
    type Issued = { keyId: string };
    const made = { tenant: "acme", role: "sales", name: "First" };
    const old = await site.run<Issued>("admin:createKey", made);
    const next = await site.run<Issued>("admin:rotateKey", { keyId: old.keyId, graceMinutes: 60 });
    await site.run("admin:updateKey", { keyId: next.keyId, name: "Second" });
    await go(`/keys?key=${old.keyId}`);
    await dialog("First").getByText("Its calls").waitFor();
    const release = await hold("admin:getKey", (text) => text.includes(next.keyId));
    await dialog("First").getByRole("link", { name: next.keyId }).click();
    await dialog("First").waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "Revoke" }).count()).toBe(0);
    release();
    await dialog("Second").getByText("Its calls").waitFor();
    await press("Revoke");
    await dialog("Revoke “Second”?").waitFor();
    await go(`/keys?key=${old.keyId}`);
    await dialog("First").waitFor();
    expect(await dialog(/^Revoke/).count()).toBe(0);
  });

  test("that could not be copied is not taken for copied", async () => {
    const { page } = operator;
    const key = await createKey("Not copied");
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
    });
    await page.getByRole("button", { name: "Copy: The key" }).click();
    await page.getByRole("alert").getByText("did not copy it").waitFor();
    expect(await page.getByLabel("The key", { exact: true }).innerText()).toBe(key);
    await press("Done");
  });

  test("whose answer is lost may be there, and the form says so", async () => {
    const { page, go } = operator;
    await go("/keys");
    await press("Create key");
    const form = dialog("Create a key");
    await form.getByLabel("Name").fill("Lost");
    await form.getByLabel("Tenant").fill("acme");
    await page.route("**/console/run", async (route) => {
      if (!asks(route.request(), "admin:createKey")) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await form.getByRole("button", { name: "Create key" }).click();
    await form.getByRole("alert").getByText("The key may have been made").waitFor();
    await page.unroute("**/console/run");
    expect((await keyNamed("Lost")).status).toBe("active");
    // Behind the form.
    await page.getByText("Lost", { exact: true }).waitFor();
  });

  test("on a page of keys that has none: the way back stays", async () => {
    const { page, go } = operator;
    const { keys } = await site.run<{ keys: KeyInfo[] }>("admin:listKeys", { limit: 50 });
    await page.route("**/console/run", async (route) => {
      if (!asks(route.request(), "admin:listKeys")) return route.continue();
      const isSecond = route.request().postData()?.includes('"cursor"') === true;
      const value = isSecond ? { keys: [], nextCursor: null } : { keys, nextCursor: "second" };
      return route.fulfill({ json: { value } });
    });
    await go("/keys?tenant=acme");
    await rows().first().waitFor();
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("No more on this page").waitFor();
    await page.getByRole("button", { name: "Newer" }).click();
    await rows().first().waitFor();
    await page.unroute("**/console/run");
  });
});

test("a server that falls silent does so for a time, and not for less than none", async () => {
  const { page, go } = operator;
  await go("/keys");
  await page.waitForTimeout(3_000);
  await page.evaluate(() => {
    const said = ((window as unknown as { said: string[] }).said = []);
    const status = document.querySelector("header [role=status]")!;
    new MutationObserver(() => said.push(status.textContent as never)).observe(status, {
      ...{ childList: true, characterData: true, subtree: true },
    });
  });
  await page.route("**/console/run", (route) => route.abort());
  await page.getByText(/^Stale \d/).waitFor();
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.filter((text) => text.includes("-"))).toEqual([]);
  await page.unroute("**/console/run");
});

describe("the audit log", () => {
  test("does not jump when its tab is seen again", async () => {
    const { page, go } = operator;
    await go("/audit?tool=products_search");
    await page.getByText("No row matches").waitFor();
    await page.waitForTimeout(1_100);
    await site.call(site.key("warehouse"), "products_search", { limit: 1 });
    await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
    const news = page.getByRole("button", { name: "1 new" });
    await news.waitFor();
    expect(await rows().count()).toBe(0);
    await news.click();
    await expect.poll(() => rows().count()).toBe(1);
  });

  test("between two times is not within a span that was chosen before", async () => {
    const { page, go } = operator;
    await go("/audit");
    await page.getByLabel("Time", { exact: true }).selectOption("1h");
    await page.waitForURL(/since=1h/);
    await page.getByLabel("Time", { exact: true }).selectOption("between");
    await page.getByLabel("From").waitFor();
    expect(page.url()).not.toContain("since");
  });

  test("between two times is the same by a link in another time zone", async () => {
    const away = await openConsole(browser, site, { timezoneId: "Asia/Kolkata" });
    await away.go("/audit");
    await away.page.getByLabel("Time", { exact: true }).selectOption("between");
    await away.page.getByLabel("From").fill("2026-11-29T14:00");
    await away.page.waitForURL(/since=2026-11-29T08%3A30%3A00.000Z/);
    expect(await away.page.getByLabel("From").inputValue()).toBe("2026-11-29T14:00");
    await away.leave();
  });

  test("is written to one file, however often the button is pressed, and after a failure", async () => {
    const { page, go } = operator;
    await go("/audit");
    await rows().first().waitFor();
    await press("Export…");
    const button = dialog(/^Export/).getByRole("button", { name: "Export" });
    await page.route("**/console/run", (route) => route.abort());
    await button.click();
    await dialog(/^Export/)
      .getByRole("alert")
      .waitFor();
    await page.unroute("**/console/run");
    const release = await hold("admin:listAudit", (text) => text.includes('"limit":100'));
    await button.click();
    await expect.poll(() => button.isDisabled()).toBe(true);
    expect(
      await dialog(/^Export/)
        .getByRole("alert")
        .count(),
    ).toBe(0);
    const download = page.waitForEvent("download");
    release();
    await download;
    await dialog(/^Export/)
      .getByText(/are in the file/)
      .waitFor();
  });
});

test("what another operator puts under approval is not taken out by a save", async () => {
  const { page, go } = operator;
  await go("/roles");
  await page.getByRole("button", { name: "Change the approvals of viewer" }).click();
  const form = dialog("Approval for viewer");
  await form.waitFor();
  await site.run("admin:setRole", { name: "viewer", approval: ["orders_*"] });
  await form.getByText("orders_*", { exact: true }).waitFor();
  await form.getByLabel("A person must approve").fill("stock_*");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  const roles = await site.run<{ name: string; approval?: string[] }[]>("admin:listRoles", {});
  expect(roles.find(({ name }) => name === "viewer")?.approval).toEqual(["orders_*", "stock_*"]);
});

test("what one key sees does not stand under another", async () => {
  const { page, go } = operator;
  const { keyId: one } = await keyNamed("Demo sales of acme");
  const { keyId: other } = await keyNamed("Demo warehouse of acme");
  await go(`/tools?key=${one}`);
  await page.getByText(/^It sees \d+ of/).waitFor();
  const release = await hold("admin:seenTools", (text) => text.includes(other));
  await go(`/tools?key=${other}`);
  await page.waitForTimeout(300);
  expect(await page.getByText(/^It sees \d+ of/).count()).toBe(0);
  release();
  await page.getByText(/^It sees 8 of/).waitFor();
});
