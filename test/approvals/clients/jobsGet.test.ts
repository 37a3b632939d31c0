/** What jobs_get shows of a call that waits or was decided on. */
import { describe, expect, test } from "vitest";
import { call as callAs } from "../../support/streamClient";
import { shop } from "../freshShop";
import { call, newest } from "../setup";
import { decidedOn, REASON, settle } from "./newest";

describe("jobs_get", () => {
  const shown = async (more: object = {}) => {
    const { t, key } = shop;
    const { jobId } = await newest(t);
    return (await callAs(t, key, "jobs_get", { jobId, ...more })).structuredContent!;
  };

  test("shows what it waits for, at once even if asked to wait", async () => {
    await call(shop, "buy");
    const { jobId, approval } = await newest(shop.t);
    const before = performance.now();
    const view = await shown({ waitSeconds: 40 });
    expect(performance.now() - before).toBeLessThan(5_000);
    const expiresAt = new Date(approval!.until).toISOString();
    expect(view).toMatchObject({
      ...{ jobId, tool: "buy", state: "awaiting_approval" },
      approval: { reason: REASON, expiresAt },
      next: `Waiting for a person to approve: ${REASON}. Nothing has been done yet. It expires ${expiresAt}. Tell the user, and ask again in some minutes at the earliest.`,
    });
  });

  test("shows a denial, and an approval with the result, without who decided", async () => {
    await call(shop, "buy");
    const failure = { code: "denied", message: 'A person denied this: "no".' };
    await settle(shop, { state: "denied", failure, ...(await decidedOn(shop, "denied", "no")) });
    const decidedAt = "1970-01-01T00:00:01.000Z";
    const denied = await shown();
    expect(denied).toMatchObject({
      ...{ state: "denied", error: failure },
      approval: { reason: REASON, verdict: "denied", decidedAt },
    });
    const yes = await decidedOn(shop, "approved", "fine by me");
    await settle(shop, {
      state: "succeeded",
      failure: undefined as never,
      result: '{"paid":200}',
      ...yes,
    });
    const approved = await shown();
    expect(approved).toMatchObject({ result: { paid: 200 }, approval: { verdict: "approved" } });
    expect(approved).not.toHaveProperty("next");
    expect(JSON.stringify([denied, approved])).not.toMatch(/Olga|fine by me/);
  });
});
