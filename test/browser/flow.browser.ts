/** A person consents, from the address that the client opens to the client's own page: two origins, with a redirect after the form. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { rows } from "../support/gate";
import { connectBrowser, newPerson, type Person } from "./person";
import { CLIENT_NAME, startSite, type Site } from "./site";

let site: Site;
let browser: Browser;
let person: Person;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), connectBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(person.complaints).toEqual([]);
  await person.leave();
});

/** A person on the page of a new request. */
const arrive = async (
  options: BrowserContextOptions = {},
  more: { readonly scope?: string } = {},
): Promise<Page> => {
  person = await newPerson(browser, options);
  await person.page.goto(await site.authorizeUrl(more));
  return person.page;
};

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

const key = (page: Page) => page.getByLabel("Your API key");

/** What the client's page is told. */
const told = (page: Page): URLSearchParams => {
  const { origin, pathname, searchParams } = new URL(page.url());
  expect(origin + pathname).toBe(site.callback);
  return searchParams;
};

/** The newest grant. */
const newest = async () => (await rows(site.t, "toolgateGrants")).at(-1)!;

describe.each([
  ["with script", {}],
  ["without script", { javaScriptEnabled: false }],
  ["in the dark, on a phone", { colorScheme: "dark", viewport: { width: 320, height: 640 } }],
] as const)("%s, a person", (_what, options) => {
  test("reads who asks, gives a key, and is back in the app with a code", async () => {
    const page = await arrive(options);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(
      /^A program on this computer wants to use /,
    );
    expect(await page.locator("main").textContent()).toContain(`"${CLIENT_NAME}"`);
    await key(page).fill(` ${site.key} `);
    await press(page, "Allow");
    expect([...told(page).keys()]).toEqual(["code", "state", "iss"]);
    expect(await page.getByRole("heading").textContent()).toBe("Back in the app");
    expect((await newest()).access).toBe("all");
  });

  test("is told of a wrong key at its field, which is empty again, and what was chosen stays", async () => {
    const page = await arrive(options);
    await page.getByLabel("Read only").check();
    await key(page).fill(`${site.key.slice(0, -3)}abc`);
    await press(page, "Allow");
    expect(await page.getByRole("alert").textContent()).toContain("does not work");
    expect(await key(page).inputValue()).toBe("");
    expect(await key(page).getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("Read only").isChecked()).toBe(true);
    await key(page).fill(site.key);
    await press(page, "Allow");
    expect(told(page).has("code")).toBe(true);
    expect((await newest()).access).toBe("read");
  });

  test("cancels without a key", async () => {
    const page = await arrive(options);
    await press(page, "Cancel");
    expect(told(page).get("error")).toBe("access_denied");
  });

  test("chooses some tools", async () => {
    const page = await arrive(options);
    await key(page).fill(site.key);
    await press(page, "Choose tools");
    const boxes = page.getByRole("checkbox");
    expect(await boxes.count()).toBeGreaterThan(5);
    expect(await page.content()).not.toContain(site.key);
    const [first, second] = [boxes.nth(0), boxes.nth(1)];
    const chosen = [await first.inputValue(), await second.inputValue()];
    await first.check();
    await second.check();
    await press(page, "Allow");
    expect(told(page).has("code")).toBe(true);
    expect((await newest()).tools?.toSorted()).toEqual(chosen.toSorted());
  });
});

test("a client that asks to read only gets that unless the person wants more", async () => {
  const page = await arrive({}, { scope: "mcp:read" });
  expect(await page.getByLabel("Read only").isChecked()).toBe(true);
  await key(page).fill(site.key);
  await press(page, "Allow");
  expect(told(page).has("code")).toBe(true);
  expect((await newest()).access).toBe("read");
});

test("who goes back finds an empty form that works again", async () => {
  const page = await arrive();
  const codes = new Set<string | null>();
  for (let times = 0; times < 2; times++) {
    expect(await key(page).inputValue()).toBe("");
    await key(page).fill(site.key);
    await press(page, "Allow");
    codes.add(told(page).get("code"));
    // As a person does: the driver's own way fails now and then while Chromium swaps the pages.
    const isBack = page.waitForURL(/\/oauth\/authorize/);
    await page.evaluate(() =>
      setTimeout(() => {
        history.back();
      }),
    );
    await isBack;
  }
  expect(codes.size).toBe(2);
});

test("who sends the same form again gets no second grant", async () => {
  const page = await arrive();
  const before = (await rows(site.t, "toolgateGrants")).length;
  await key(page).fill(site.key);
  const again = page.waitForRequest((request) => request.method() === "POST");
  await press(page, "Allow");
  const body = (await again).postData()!;
  expect(told(page).has("code")).toBe(true);
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: site.url };
  const answer = await fetch(`${site.url}/oauth/authorize`, {
    ...{ method: "POST", redirect: "manual", headers, body },
  });
  expect(answer.status).toBe(303);
  expect((await rows(site.t, "toolgateGrants")).length).toBe(before + 1);
});

test("a double click on Allow makes one grant", async () => {
  const page = await arrive();
  const before = (await rows(site.t, "toolgateGrants")).length;
  await key(page).fill(site.key);
  await page.getByRole("button", { name: "Allow" }).dblclick({ noWaitAfter: true });
  await page.waitForURL(`${site.callback}?*`);
  expect(told(page).has("code")).toBe(true);
  expect((await rows(site.t, "toolgateGrants")).length).toBe(before + 1);
});

test("the same address may be opened twice, and the first page still works", async () => {
  const page = await arrive();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.close();
  await key(page).fill(site.key);
  await press(page, "Allow");
  expect(told(page).has("code")).toBe(true);
});

test("a page that was open too long says so, and what to do", async () => {
  const page = await arrive();
  await key(page).fill(site.key);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
  await press(page, "Allow");
  expect(await page.getByRole("alert").textContent()).toMatch(/Start again/);
  expect(new URL(page.url()).origin).toBe(site.url);
});

test("the keyboard alone is enough, and shows where it is", async () => {
  const page = await arrive();
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: one } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(one!);
      const name = one!.getAttribute("name") ?? one!.tagName;
      return `${name} ${one!.getAttribute("value") ?? ""} ${outlineStyle} ${outlineWidth}`.trim();
    });
  const walk: string[] = [];
  for (let steps = 0; steps < 5; steps++) {
    await page.keyboard.press("Tab");
    walk.push(await focused());
  }
  const outline = "solid 3px";
  expect(walk).toEqual([
    `key  ${outline}`,
    `access all ${outline}`,
    ...["allow", "choose", "cancel"].map((one) => `decision ${one} ${outline}`),
  ]);
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("ArrowUp");
  expect(await focused()).toContain("access read");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type(site.key);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${site.callback}?*`);
  expect(told(page).has("code")).toBe(true);
  expect((await newest()).access).toBe("read");
});

test("another page cannot send the form", async () => {
  const page = await arrive();
  const request = await page.locator("[name=request]").inputValue();
  const action = `${site.url}/oauth/authorize`;
  await page.goto(site.callback);
  await page.setContent(
    `<form method=post action="${action}"><input name=request value="${request}"><input name=key value="${site.key}"><input name=access value=all><button name=decision value=allow>Win</button></form>`,
  );
  await press(page, "Win");
  expect(await page.getByRole("alert").textContent()).toMatch(/another (?:site|page)/);
});

test("a browser on the endpoint's own address learns how to connect", async () => {
  person = await newPerson(browser);
  const { page } = person;
  const reply = await page.goto(`${site.url}/mcp`);
  expect(reply?.status()).toBe(200);
  expect(await page.locator("main").textContent()).toContain(`claude mcp add`);
  const link = await page.getByRole("link", { name: "Add to Cursor" }).getAttribute("href");
  const { searchParams } = new URL(link!);
  expect(JSON.parse(atob(searchParams.get("config")!))).toEqual({ url: `${site.url}/mcp` });
  await page.locator("pre").first().click();
  expect(await page.evaluate(() => getSelection()!.toString().trim())).toBe(`${site.url}/mcp`);
});
