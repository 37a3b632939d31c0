/** A person types the code of a device. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newClient, submit } from "../support/connect";
import { connectBrowser, newPerson, type Person } from "./person";
import { startSite, type Site } from "./site";

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
  expect(person.complaints).toEqual([]);
  await person.leave();
});

interface Waiting {
  readonly userCode: string;
  readonly link: string;
  /** What the device gets when it asks: the error, or "ok". */
  readonly poll: () => Promise<string>;
}

/** A device that shows its code. */
const startDevice = async (): Promise<Waiting> => {
  const { t } = site;
  const clientId = await newClient(t);
  const { json } = await submit(t, "/oauth/device_authorization", { client_id: clientId });
  const ask = { client_id: clientId, device_code: json.device_code as string };
  return {
    userCode: json.user_code as string,
    link: json.verification_uri_complete as string,
    poll: async () => {
      const grant = "urn:ietf:params:oauth:grant-type:device_code";
      const reply = await submit(t, "/oauth/token", { grant_type: grant, ...ask });
      return reply.status === 200 ? "ok" : (reply.json.error as string);
    },
  };
};

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

const openPage = async (url = `${site.url}/oauth/device`): Promise<Page> => {
  person = await newPerson(browser, { javaScriptEnabled: false });
  await person.page.goto(url);
  return person.page;
};

test("types it in small letters with spaces, compares it, and allows", async () => {
  const { userCode, poll } = await startDevice();
  const page = await openPage();
  const typed = userCode.replace("-", "").toLowerCase().replace(/(?=.)/g, " ");
  await page.getByLabel("The code that it shows").fill(` ${typed} `);
  await press(page, "Continue");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("A device");
  expect(await page.locator("main").textContent()).toContain(userCode);

  await page.getByLabel("Your API key").fill("cvxmcp_wrong");
  await press(page, "Allow");
  expect(await page.getByRole("alert").textContent()).toContain("does not work");
  await page.getByLabel("Your API key").fill(site.key);
  await press(page, "Allow");
  expect(await page.getByRole("status").textContent()).toContain("close this page");
  expect(await poll()).toBe("ok");
});

test("follows a link that only fills the code in, and cancels", async () => {
  const { userCode, link, poll } = await startDevice();
  const page = await openPage(link);
  expect(await page.getByLabel("The code that it shows").inputValue()).toBe(userCode);
  await press(page, "Continue");
  await press(page, "Cancel");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Not connected");
  expect(await poll()).toBe("access_denied");
});

test("is told at the field that no device waits with a code", async () => {
  const page = await openPage();
  for (const code of ["BCDF-GHJK", "12"]) {
    await page.getByLabel("The code that it shows").fill(code);
    await press(page, "Continue");
    expect(await page.getByRole("alert").textContent()).toContain("No device waits");
  }
});
