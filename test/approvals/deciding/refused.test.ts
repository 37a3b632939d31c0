/** Decisions that are refused, and leave the call as it is. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { decide, refusal } from "../decisions";
import { shop } from "../freshShop";
import { bought, held, log, newest } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("what is refused, and leaves the call as it is", () => {
  test("a second decision, which learns of the first", async () => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    const { seen } = await t.query(admin.getApproval, { jobId });
    const decisions = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => {
        const verdict = i % 7 === 3 ? "deny" : "approve";
        return t.mutation(admin.decideApproval, { jobId, verdict, seen, by: `Olga ${String(i)}` });
      }),
    );
    expect(decisions.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await bought(t)).toHaveLength(1);
    expect((await log(t)).filter((one) => one.startsWith("approvals/"))).toHaveLength(1);
    await expect(decide(t, jobId, "deny", { by: "Oleg" })).rejects.toThrow(
      /Approved by Olga 0 at /,
    );
  });

  test("one without what was seen, by nobody, or with a note that is long or holds a key", async () => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    const { seen } = await t.query(admin.getApproval, { jobId });
    const good = { jobId, verdict: "approve", seen, by: "Olga" } as const;
    const { seen: _seen, ...unseen } = good;
    for (const bad of [
      ...[unseen, { ...good, by: "" }, { ...good, by: " Olga" }, { ...good, by: "O\nlga" }],
      ...[
        { ...good, by: "x".repeat(201) },
        { ...good, note: "x".repeat(1_001) },
        { ...good, note: `use cvxmcp_live_${"A".repeat(12)}_${"A".repeat(49)} then` },
      ],
    ])
      expect(await refusal(t.mutation(admin.decideApproval, bad))).toBe("invalid_arguments");
    for (const none of ["none", ""])
      expect(await refusal(t.mutation(admin.decideApproval, { ...good, jobId: none }))).toBe(
        "not_found",
      );
    expect((await newest(t)).state).toBe("awaiting_approval");
  });

  test("one on a price that changed since it was seen; then the tool's own check counts", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "buy");
    const { seen, summary } = await t.query(admin.getApproval, { jobId });
    expect(summary?.amount).toBe("200 EUR");
    script.price = 11;
    expect(await refusal(decide(t, jobId, "approve", { seen }))).toBe("changed");
    const now = await t.query(admin.getApproval, { jobId });
    expect([now.summary?.amount, now.canRun]).toEqual(["220 EUR", true]);
    await decide(t, jobId, "approve", { seen: now.seen });
    expect(await bought(t)).toEqual(["desk: 20 at 11"]);
  });

  test("one on other arguments under the same id", async () => {
    const { t } = shop;
    const { _id, jobId } = await held(shop, "always");
    const { seen } = await t.query(admin.getApproval, { jobId });
    await t.run((ctx) =>
      ctx.db.patch("toolgateJobs", _id, { arguments: '{"thing":"desk","count":90}' }),
    );
    expect(await refusal(decide(t, jobId, "approve", { seen }))).toBe("changed");
    expect(await bought(t)).toEqual([]);
  });

  test("one while the operator has stopped what writes", async () => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    vi.stubEnv("TOOLGATE_STOP", "writes");
    const { canRun, problem } = await t.query(admin.getApproval, { jobId });
    expect([canRun, problem?.code]).toEqual([false, "stopped"]);
    expect(await refusal(decide(t, jobId, "approve"))).toBe("stopped");
    vi.unstubAllEnvs();
    expect((await decide(t, jobId, "approve")).approval.state).toBe("succeeded");
  });

  test("one while the app's query is broken", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "buy");
    script.rule = "break";
    expect(await refusal(decide(t, jobId, "approve"))).toBe("internal");
    expect((await newest(t)).state).toBe("awaiting_approval");
  });
});
