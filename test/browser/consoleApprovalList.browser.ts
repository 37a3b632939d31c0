/** The list of calls that wait for a person: of one tenant, over pages, and read anew as often as it should be. */
import type { Request } from "playwright-core";
import { describe, expect, test } from "vitest";
import { site, operator, main, entries, card, hold, decide } from "./approvalCards";

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
