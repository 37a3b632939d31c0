/** Calls that wait for a person, on the console, before the running server. */
import { beforeEach, describe, expect, test } from "vitest";
import { FINE, look, openConsole, WAYS } from "./consoleSite";
import {
  site,
  browser,
  operator,
  productId,
  main,
  entries,
  card,
  dialog,
  asked,
  hold,
  onHand,
  stateOf,
  open,
  decide,
} from "./approvalCards";

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
