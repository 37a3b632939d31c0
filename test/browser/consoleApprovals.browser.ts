/** Calls that wait for a person, on the console, before the running server. */
import type { Browser, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApprovalInfo } from "../../src/approvals/info";
import { FINE, look, openConsole, serveConsole, WAYS, type Operator } from "./consoleSite";
import { connectBrowser } from "./person";

const site = serveConsole();
let browser: Browser;
let operator: Operator;
let productId: string;

interface Product {
  readonly id: string;
}

beforeAll(async () => {
  browser = await connectBrowser();
  const found = await site.call(site.key("warehouse"), "products_search", { limit: 1 });
  productId = (found.structuredContent as { items: Product[] }).items[0]!.id;
  operator = await openConsole(browser, site);
});
afterEach(() => {
  expect([operator.complaints, operator.foreign]).toEqual([[], []]);
});
afterAll(() => browser.close());

const main = () => operator.page.getByRole("main");
const entries = () => main().locator("[data-row]");
const card = () => main().getByRole("article");
const dialog = () => operator.page.getByRole("dialog");

let asked = 0;

/** A write-off that nobody has asked for yet. @returns the id of the held call */
const hold = async (note?: string, key = site.key("warehouse")): Promise<string> => {
  asked += 1;
  const args = {
    productId,
    quantity: -asked,
    reason: "damaged",
    ...(note !== undefined && { note }),
  };
  const { structuredContent } = await site.call(key, "stock_adjust", args);
  return (structuredContent as { jobId: string }).jobId;
};

const onHand = async (): Promise<number> => {
  const { structuredContent } = await site.call(site.key("warehouse"), "stock_level", {
    productId,
  });
  return (structuredContent as { onHand: number }).onHand;
};

const stateOf = async (jobId: string): Promise<ApprovalInfo> =>
  site.run("admin:getApproval", { jobId });

const open = async (jobId: string) => {
  await operator.go(`/approvals?show=waiting&open=${jobId}`);
  await card().getByText("Nothing has been done yet.").waitFor();
};

const decide = async (button: "Approve and run" | "Deny", name = "Ada"): Promise<void> => {
  await card().getByRole("button", { name: button }).click();
  await dialog().getByLabel("Your name").fill(name);
  await dialog().getByRole("button", { name: button }).click();
  await dialog().waitFor({ state: "detached" });
};

test("nothing waits, nothing was decided: both lists say so", async () => {
  await operator.go("/approvals");
  await main().getByText("Nothing waits for a person").waitFor();
  await operator.page.getByText("Decided", { exact: true }).click();
  await main().getByText("Nothing was decided yet").waitFor();
});

describe("a call that waits", () => {
  let jobId: string;
  beforeEach(async () => {
    jobId = await hold();
  });

  test("comes into the list, is read as a person reads it, and runs once it is approved", async () => {
    const before = await onHand();
    const { page, go } = operator;
    await go("/approvals?show=waiting");
    await entries()
      .filter({ hasText: `Write off ${String(asked)} of` })
      .waitFor();
    await page.getByRole("heading", { name: "Approvals" }).click();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await card().getByText("it writes off stock").waitFor();
    for (const part of ["Reason", "damaged", "EUR", "On hand before it", "wants to", "expires in "])
      expect(await card().innerText()).toContain(part);
    await card().getByText("All arguments, as sent").click();
    await card().getByText(`"productId": "${productId}"`).waitFor();
    await card().getByRole("button", { name: "Approve and run" }).click();
    // The focus is on Cancel: Enter decides nothing. Without a name nobody can decide.
    await dialog().getByRole("button", { name: "Approve and run" }).waitFor();
    expect(await dialog().getByRole("button", { name: "Approve and run" }).isDisabled()).toBe(true);
    await page.keyboard.press("Enter");
    await dialog().waitFor({ state: "detached" });
    expect([await onHand(), (await stateOf(jobId)).state]).toEqual([before, "awaiting_approval"]);
    await decide("Approve and run");
    await card()
      .getByText(/^Approved by you, /)
      .waitFor();
    await card().getByText("Approved, and done.").waitFor();
    expect(await onHand()).toBe(before - asked);
    expect((await stateOf(jobId)).decision).toMatchObject({ by: "Ada", how: "operator" });
    await expect.poll(() => entries().count()).toBe(0);
  });

  test("is denied with a note that the agent reads", async () => {
    const before = await onHand();
    await open(jobId);
    await card().getByLabel("Note").fill("Count again first.");
    await decide("Deny", "Grace");
    await card()
      .getByText(/^Denied by you, .*Nothing was done\.$/)
      .waitFor();
    expect(await onHand()).toBe(before);
    const { failure } = await stateOf(jobId);
    expect(failure?.message).toContain("Count again first.");
    await operator.go("/approvals?show=decided");
    await entries().filter({ hasText: "Denied" }).first().click();
    await card().getByText("Count again first.").waitFor();
  });

  test("is decided once, whatever two tabs do", async () => {
    const before = await onHand();
    const other = await openConsole(browser, site);
    await other.go(`/approvals?show=waiting&open=${jobId}`);
    await other.page.getByRole("button", { name: "Approve and run" }).click();
    const second = other.page.getByRole("dialog");
    await second.getByLabel("Your name").fill("Grace");
    await open(jobId);
    await decide("Approve and run");
    await card()
      .getByText(/^Approved by you/)
      .waitFor();
    await second.getByRole("button", { name: "Approve and run" }).click();
    await other.page.getByText("Somebody has decided meanwhile.").waitFor();
    await other.page.getByText(/^Approved by Ada/).waitFor();
    expect(await onHand()).toBe(before - asked);
    await other.leave();
  });

  test("shows what has changed before anybody can say yes to it", async () => {
    await open(jobId);
    const { page } = operator;
    // More of it comes in: the card says how many there are.
    await site.call(site.key("warehouse"), "stock_adjust", {
      productId,
      quantity: 7,
      reason: "received",
    });
    await card()
      .getByText(/^Changed since you opened it/)
      .waitFor({ timeout: 15_000 });
    const approve = card().getByRole("button", { name: "Approve and run" });
    expect(await approve.isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Look again" }).click();
    expect(await approve.isDisabled()).toBe(false);
    await decide("Deny");
  });

  test("stays if no answer comes, and says so", async () => {
    await open(jobId);
    const { page } = operator;
    await page.route("**/console/run", (route) =>
      (route.request().postData() ?? "").includes("decideApproval")
        ? route.abort()
        : route.continue(),
    );
    await decide("Approve and run");
    await card().getByText("Not recorded, nothing happened; try again.").waitFor();
    await page.unroute("**/console/run");
    expect((await stateOf(jobId)).state).toBe("awaiting_approval");
    await decide("Deny");
    await card()
      .getByText(/^Denied by you/)
      .waitFor();
  });

  test("ends before the eyes of the person once it is withdrawn", async () => {
    await open(jobId);
    await site.run("admin:cancelJobById", { jobId });
    await card()
      .getByText("The call was withdrawn before anyone decided.")
      .waitFor({ timeout: 15_000 });
    expect(await card().getByRole("button").count()).toBe(0);
  });
});

test("a call whose key was revoked can no longer run, and can be denied", async () => {
  const { key, keyId } = await site.run<{ key: string; keyId: string }>("admin:createKey", {
    ...{ tenant: "acme", role: "warehouse", name: "Hall 2" },
  });
  const jobId = await hold(undefined, key);
  await site.run("admin:revokeKey", { keyId });
  await operator.go(`/approvals?show=waiting&open=${jobId}`);
  await card().getByText("It can no longer run").waitFor();
  expect(await card().getByRole("button", { name: "Approve and run" }).isDisabled()).toBe(true);
  await decide("Deny");
  await card()
    .getByText(/^Denied by you/)
    .waitFor();
});

test("a list is of one tenant if asked, which the address keeps", async () => {
  const { page, go } = operator;
  const jobId = await hold();
  await go("/approvals?show=waiting");
  await entries().first().waitFor();
  await page.getByLabel("Tenant").fill("globex");
  await main().getByText("Nothing waits in the tenant globex").waitFor();
  await page.reload();
  await main().getByText("Nothing waits in the tenant globex").waitFor();
  await page.getByLabel("Tenant").fill("acme");
  await entries().first().click();
  await card().waitFor();
  expect(page.url()).toContain(`tenant=acme&open=${jobId}`);
  await page.reload();
  await card().getByText("Nothing has been done yet.").waitFor();
  await decide("Deny");
});

describe("the list", () => {
  const shownIds = async (): Promise<string[]> =>
    Promise.all(
      (await entries().all()).map(async (entry) =>
        String(new URLSearchParams((await entry.getAttribute("href"))!.split("?")[1]).get("open")),
      ),
    );

  test("goes on over pages, oldest first, and keeps its order while new calls come", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 30; at++)
      ids.push(await hold(undefined, site.key(at < 15 ? "warehouse" : "admin")));
    const { page, go } = operator;
    await go("/approvals?show=waiting");
    await expect.poll(shownIds).toEqual(ids.slice(0, 25));
    ids.push(await hold(undefined, site.key("admin")));
    await page.waitForResponse((reply) =>
      (reply.request().postData() ?? "").includes("listApprovals"),
    );
    expect(await shownIds()).toEqual(ids.slice(0, 25));
    await page.getByRole("button", { name: "Newer" }).click();
    await expect.poll(shownIds).toEqual(ids.slice(25));
    ids.push(await hold(undefined, site.key("admin")));
    // It comes in at the end by itself.
    await expect.poll(shownIds, { timeout: 10_000 }).toEqual(ids.slice(25));
    await page.getByRole("button", { name: "Older" }).click();
    await expect.poll(shownIds).toEqual(ids.slice(0, 25));
    // One that is decided leaves, and the next moves up.
    for (const [at, jobId] of ids.entries())
      await site
        .run("admin:decideApproval", { jobId, verdict: "deny", by: "Ada" })
        .then(async () => {
          if (at === 0) await expect.poll(shownIds, { timeout: 10_000 }).toEqual(ids.slice(1, 26));
        });
  });

  test("is read every three seconds and no more often, and not while the tab is hidden", async () => {
    const { page, go } = operator;
    await go("/keys");
    await page.clock.install();
    await go("/approvals?show=waiting");
    await main().getByText("Nothing waits for a person").waitFor();
    let asked = 0;
    const count = (request: Request) => {
      if ((request.postData() ?? "").includes("listApprovals")) asked += 1;
    };
    page.on("request", count);
    const turn = async (ms: number): Promise<number> => {
      asked = 0;
      for (let at = 0; at < ms; at += 1_000) {
        await page.clock.runFor(1_000);
        await page.waitForLoadState("networkidle");
      }
      return asked;
    };
    const seen = await turn(30_000);
    expect(seen).toBeGreaterThanOrEqual(8);
    expect(seen).toBeLessThanOrEqual(10);
    const show = (state: "hidden" | "visible") =>
      page.evaluate((now) => {
        Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await show("hidden");
    expect(await turn(30_000)).toBe(0);
    await show("visible");
    expect(await turn(9_000)).toBeGreaterThanOrEqual(2);
    page.off("request", count);
    await page.reload();
  });
});

test("what an agent wrote is text: nothing hides in it, and nothing of it is a link", async () => {
  const jobId = await hold(
    "<img src=x onerror=alert(1)> \u202egnp.live http://evil.example/ [pay](x)",
  );
  await open(jobId);
  await card().getByText("All arguments, as sent").click();
  expect(await card().innerText()).toContain("⟨U+202E⟩gnp.live http://evil.example/ [pay](x)");
  expect(await card().locator("img, a[href*=evil]").count()).toBe(0);
  await decide("Deny");
});

test.each(WAYS)("it is in order at $width px, $colorScheme", async ({ width, colorScheme }) => {
  const jobId = await hold("Water came in at the back of the hall.");
  const viewer = await openConsole(browser, site, { width, colorScheme });
  const { page, go } = viewer;
  const name = `console-approvals-${String(width)}-${colorScheme}`;
  await go("/approvals");
  await page.locator("[data-row]").first().waitFor();
  expect(await look(viewer, name)).toEqual(FINE);
  await go(`/approvals?show=waiting&open=${jobId}`);
  await page.getByRole("button", { name: "Approve and run" }).waitFor();
  expect(await look(viewer, `${name}-card`)).toEqual(FINE);
  await page.getByRole("button", { name: "Approve and run" }).click();
  await page.getByLabel("Your name").waitFor();
  expect(await look(viewer, `${name}-confirm`)).toEqual(FINE);
  await page.keyboard.press("Escape");
  await go("/approvals?show=decided");
  await page.locator("[data-row]").first().click();
  await page
    .getByRole("article")
    .getByText(/^(Approved|Denied|The call)/)
    .first()
    .waitFor();
  expect(await look(viewer, `${name}-decided`)).toEqual(FINE);
  await viewer.leave();
});
