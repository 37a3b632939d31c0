/** What a decision does: at most one effect, in the transaction of the yes, by the rights that the caller has then. */
import { ConvexError } from "convex/values";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { accept, modern } from "../support/askingApp";
import { callTool, issueKey, rows } from "../support/gate";
import { bought, call, decide, held, log, newest, newShop, tools, type Shop } from "./setup";

const { admin } = internal.toolgate;

let shop: Shop;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  shop = await newShop();
});

/** The code with which a decision is refused. */
const refusal = (decision: Promise<unknown>): Promise<string> =>
  decision.then(
    () => "none",
    (error: unknown) => (error as ConvexError<{ code: string }>).data.code,
  );

describe("an approval", () => {
  test("runs a mutation once, with its record, its result and both audit rows", async () => {
    const { t, key } = shop;
    const { jobId, operation } = await held(shop, "buy", { idempotencyKey: "one-purchase" });
    const { approval, message } = await decide(t, jobId, "approve", { note: "Fine." });
    expect(message).toBe("Approved, and done.");
    expect(approval).toMatchObject({
      state: "succeeded",
      decision: { verdict: "approved", by: "Olga", how: "operator", note: "Fine." },
    });
    expect(await bought(t)).toEqual(["desk: 20 at 10"]);
    expect((await rows(t, "tenants")).at(-1)?.slug).toBe(`bought/desk/${operation}`);
    expect(await newest(t)).toMatchObject({ state: "succeeded", result: '{"paid":200}' });
    expect(await log(t)).toEqual([
      ...["tools/call held", "job/end succeeded", "approvals/approve succeeded"],
    ]);
    const again = await call(shop, "buy", { idempotencyKey: "one-purchase" });
    expect(again.structuredContent).toEqual({ paid: 200 });
    expect(again._meta).toMatchObject({ "toolgate/replayed": true });
    const shown = await callTool(t, key, "jobs_get", { jobId });
    expect(shown.structuredContent).toMatchObject({ state: "succeeded", result: { paid: 200 } });
    expect(await bought(t)).toHaveLength(1);
  });

  test("says in the audit log who decided on what, and what they had seen", async () => {
    const { t } = shop;
    const { jobId, operation, keyId } = await held(shop, "always");
    const { seen } = await t.query(admin.getApproval, { jobId });
    await decide(t, jobId, "approve", { by: "Olga Orlova" });
    const row = (await rows(t, "toolgateAudit")).at(-1)!;
    expect(row).toMatchObject({ operation, keyId, tenant: "acme", tool: "always" });
    expect(row.protocol).toBe("operator");
    expect(JSON.parse(row.arguments!)).toEqual({ jobId, by: "Olga Orlova", how: "operator", seen });
  });

  test.each([
    ["refuse", "sold_out", "Gone."],
    ["break", "internal", "Nothing was done."],
    ["misfit", "invalid_result", "Nothing was done."],
  ] as const)(
    "of a mutation that does %s is recorded, and nothing of it stays",
    async (then, code, text) => {
      const { t, script } = shop;
      const { jobId } = await held(shop, "always", { idempotencyKey: "one-purchase" });
      script.then = then;
      const { approval, message } = await decide(t, jobId, "approve");
      expect(message).toMatch(`Approved, but failed: ${code}: `);
      expect(approval).toMatchObject({ state: "failed", decision: { verdict: "approved" } });
      expect(approval.failure?.code).toBe(code);
      expect(approval.failure?.message).toContain(text);
      expect(approval.failure?.message).not.toContain("secret");
      expect([await bought(t), await rows(t, "toolgateIdempotency")]).toEqual([[], []]);
      expect((await log(t)).slice(1)).toEqual([
        `job/end failed ${code}`,
        `approvals/approve failed ${code}`,
      ]);
      script.then = "return";
      await held(shop, "always", { idempotencyKey: "one-purchase" });
    },
  );

  test("queues an action, whose worker runs it once", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "slow");
    const { approval } = await decide(t, jobId, "approve");
    expect([approval.state, script.acted]).toEqual(["queued", []]);
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(await newest(t)).toMatchObject({ state: "succeeded", result: '"did desk"' });
    expect(script.acted).toEqual(["desk"]);
    expect((await log(t)).slice(1)).toEqual(["approvals/approve succeeded", "job/end succeeded"]);
    const { approvals } = await t.query(admin.listApprovals, { state: "decided" });
    expect(approvals).toMatchObject([{ jobId, state: "succeeded" }]);
  });

  test("of an action that its precheck refuses now starts nothing", async () => {
    const { t } = shop;
    const { _id, jobId } = await held(shop, "slow");
    await t.run((ctx) =>
      ctx.db.patch("toolgateJobs", _id, { arguments: '{"thing":"nothing","count":1}' }),
    );
    expect((await decide(t, jobId, "approve")).approval).toMatchObject({
      ...{ state: "failed", failure: { code: "nothing" } },
    });
  });

  test("lets the answer of a query be read, as it is then and by the rights of then", async () => {
    const { t, key, keyId, script } = shop;
    await callTool(t, key, "look", { thing: "desk" });
    const { jobId } = await newest(t);
    script.price = 11;
    expect((await decide(t, jobId, "approve")).approval.state).toBe("succeeded");
    script.price = 12;
    const read = async () => (await callTool(t, key, "jobs_get", { jobId })).structuredContent;
    expect(await read()).toMatchObject({
      state: "succeeded",
      result: { price: 12, role: "admin" },
    });
    const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
    const watched = await t.query(internal.toolgate.jobs.watch, { jobId, principal });
    expect(JSON.parse(watched!.result!)).toEqual({ price: 12, role: "admin" });
    expect(watched!.approval).toMatchObject({ decision: { verdict: "approved" } });
    await t.mutation(admin.updateKey, { keyId, role: "sales" });
    expect(await read()).toMatchObject({ result: { role: "sales" } });
    await t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, {
        tools: ["jobs_get", "look"],
        constraints: { look: { thing: { oneOf: ["chair"] } } },
      });
    });
    expect(await read()).toMatchObject({ state: "failed", error: { code: "no_longer_allowed" } });
  });

  describe("of a query", () => {
    const approvedQuery = async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
      await callTool(shop.t, shop.key, "look", { thing: "desk" });
      const job = await newest(shop.t);
      await decide(shop.t, job.jobId, "approve");
      return job;
    };
    /** What the two functions tell through which an answer is read, for `jobs_get` and for tasks. */
    const readBoth = async ({ jobId }: { jobId: string }) => {
      const { t, key, keyId } = shop;
      const { structuredContent } = await callTool(t, key, "jobs_get", { jobId });
      const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
      const watched = await t.query(internal.toolgate.jobs.watch, { jobId, principal });
      return [structuredContent, { state: watched?.state, error: watched?.failure }];
    };

    test("can be read for an hour, and then must be approved anew", async () => {
      const { t } = shop;
      const job = await approvedQuery();
      const begun = Date.now();
      vi.setSystemTime(begun + 3_599_000);
      for (const read of await readBoth(job)) expect(read).toMatchObject({ state: "succeeded" });
      vi.setSystemTime(begun + 3_601_000);
      for (const read of await readBoth(job)) {
        expect(read).toMatchObject({ state: "expired", error: { code: "approval_expired" } });
        expect(read).not.toHaveProperty("result");
      }
      await callTool(t, shop.key, "look", { thing: "desk" });
      expect((await newest(t)).state).toBe("awaiting_approval");
      vi.useRealTimers();
    });

    test.each([
      ["another one", { definition: "another" }, "look"],
      ["no query any more", {}, "slow"],
      ["gone", {}, "gone"],
    ])("is not read once its tool is %s", async (_what, change, name) => {
      const { t } = shop;
      const job = await approvedQuery();
      const { _id, approval } = await newest(t);
      const changed = { tool: name, approval: { ...approval!, ...change } };
      await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, changed));
      const [shown, watched] = await readBoth(job);
      expect(watched).toMatchObject({ state: "failed", error: { code: "tool_changed" } });
      if (name === "gone") expect(shown).toBeUndefined();
      else expect(shown).toMatchObject({ state: "failed", error: { code: "tool_changed" } });
      vi.useRealTimers();
    });
  });

  test("of a call with answers gives them to the tool; one that would ask again does not run", async () => {
    const { t, key } = shop;
    const answered = async (thing: string) => {
      const asking = { name: "asks", arguments: { thing } };
      const can = { elicitation: {} };
      const { requestState } = (await modern(t, key, "tools/call", asking, can)).json.result ?? {};
      const inputResponses = { who: accept({ name: "Ada" }) };
      await modern(t, key, "tools/call", { ...asking, requestState, inputResponses }, can);
      return newest(t);
    };
    const { jobId: first } = await answered("lamp");
    const { answers = "" } = await t.query(admin.getApproval, { jobId: first });
    expect(JSON.parse(answers)).toEqual({ who: accept({ name: "Ada" }) });
    await decide(t, first, "approve");
    expect(await bought(t)).toEqual(["lamp: Ada"]);
    const { _id, jobId } = await answered("rug");
    await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { input: { can: [], answers: "{}" } }));
    expect((await decide(t, jobId, "approve")).approval.failure?.code).toBe("asks_again");
    expect(await bought(t)).toHaveLength(1);
  });

  test("of an action that asks only then ends it: nobody who approved has read the answers", async () => {
    const { t, key, script } = shop;
    const asking = { name: "asksLate", arguments: { thing: "lamp" } };
    await modern(t, key, "tools/call", asking, { elicitation: {} });
    const { jobId } = await newest(t);
    await decide(t, jobId, "approve");
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(await newest(t)).toMatchObject({
      ...{ state: "unknown", failure: { code: "asked_after_approval" } },
    });
    const principal = { tenant: "acme", subject: "agent", role: "admin", keyId: shop.keyId };
    const responses = JSON.stringify({ who: accept({ name: "Mallory" }) });
    await t.mutation(internal.toolgate.jobs.answer, { jobId, principal, responses });
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(script.acted).toEqual([]);
  });

  test("is of the role that was shown: with another one it must be looked at again", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    const { seen, role } = await t.query(admin.getApproval, { jobId });
    await t.mutation(admin.updateKey, { keyId, role: "warehouse" });
    const decision = { jobId, verdict: "approve", by: "Olga", seen } as const;
    expect(await refusal(t.mutation(admin.decideApproval, decision))).toBe("changed");
    const now = await t.query(admin.getApproval, { jobId });
    expect([role, now.role, now.canRun]).toEqual(["admin", "warehouse", true]);
  });

  test("of what was done meanwhile under the same idempotency key does nothing", async () => {
    const { t, script } = shop;
    const idempotencyKey = "one-purchase";
    const { jobId, idempotency } = await held(shop, "buy", { idempotencyKey });
    await t.run((ctx) =>
      ctx.db.insert("toolgateIdempotency", {
        ...{
          ...idempotency!,
          operation: "another",
          result: '{"paid":1}',
          expiresAt: Date.now() + 60_000,
        },
      }),
    );
    script.price = 10;
    const { approval, message } = await decide(t, jobId, "approve");
    expect([approval.state, message]).toEqual([
      "succeeded",
      expect.stringContaining("did nothing"),
    ]);
    expect((await newest(t)).result).toBe('{"paid":1}');
    expect(await bought(t)).toEqual([]);
  });
});

describe("a denial", () => {
  test("reaches the agent with the note, stands for the same call, and ends after ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
    const { t, key } = shop;
    const { jobId } = await held(shop, "always");
    const { approval, message } = await decide(t, jobId, "deny", { note: 'Too "dear".\nSorry' });
    expect([approval.state, message]).toEqual(["denied", "Denied. Nothing was done."]);
    const told =
      "A person denied this: \"Too 'dear'. Sorry\". Nothing was done. Do not repeat it or try another way; tell the user.";
    const { structuredContent } = await callTool(t, key, "jobs_get", { jobId });
    expect(structuredContent).toMatchObject({
      state: "denied",
      error: { code: "denied", message: told },
    });
    expect((await call(shop, "always")).content[0]?.text).toBe(`denied: ${told}`);
    expect(await log(t)).toEqual([
      ...["tools/call held", "job/end denied approval_denied", "approvals/deny succeeded"],
      ...["tools/call answered", "tools/call failed denied"],
    ]);
    vi.setSystemTime(Date.now() + 10 * 60_000 + 10);
    await held(shop, "always");
    vi.useRealTimers();
  });

  test("stands under its idempotency key, and is not shed by another", async () => {
    const { t } = shop;
    for (const name of ["always", "slow"]) {
      const { jobId } = await held(shop, name, { idempotencyKey: "one-purchase" });
      await decide(t, jobId, "deny");
      for (const idempotencyKey of ["one-purchase", "another-key"]) {
        const again = await call(shop, name, { idempotencyKey });
        expect(again.content[0]?.text).toMatch(/^denied: A person denied this\. /);
      }
    }
    expect(await rows(t, "toolgateJobs")).toHaveLength(2);
  });

  test("needs neither rights nor what was seen: a call that may no longer run can be denied", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    await t.mutation(admin.revokeKey, { keyId, reason: "lost" });
    const { approval } = await t.mutation(admin.decideApproval, {
      jobId,
      verdict: "deny",
      by: "Olga",
    });
    expect(approval.state).toBe("denied");
  });
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

describe("what ends a call that somebody approves", () => {
  const change = (t: Shop["t"], keyId: string, fields: object) =>
    t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, fields);
    });

  test.each<[string, (own: Shop) => Promise<unknown>]>([
    [
      "its key was revoked",
      ({ t, keyId }) => t.mutation(admin.revokeKey, { keyId, reason: "lost" }),
    ],
    ["its key has expired", ({ t, keyId }) => change(t, keyId, { expiresAt: Date.now() - 1 })],
    ["its key may do less", ({ t, keyId }) => change(t, keyId, { tools: ["plain"] })],
    ["its key may only read", ({ t, keyId }) => change(t, keyId, { readOnly: true })],
    [
      "its key allows other arguments",
      ({ t, keyId }) => change(t, keyId, { constraints: { always: { count: { max: 19 } } } }),
    ],
    [
      "its key fixes other arguments",
      ({ t, keyId }) => change(t, keyId, { fixed: { always: { thing: "chair" } } }),
    ],
    ["its role may do less", ({ t, keyId }) => change(t, keyId, { role: "viewer" })],
    [
      "the role lost the permission",
      ({ t }) => t.mutation(admin.setRole, { name: "admin", remove: ["stock:adjust"] }),
    ],
    [
      "the key that took over was revoked",
      async ({ t, keyId }) => {
        const next = await t.action(admin.rotateKey, { keyId });
        await t.mutation(admin.revokeKey, { keyId: next.keyId, reason: "lost" });
      },
    ],
  ])("%s: for good, and nothing was done", async (_what, narrow) => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    await narrow(shop);
    const { canRun, problem } = await t.query(admin.getApproval, { jobId });
    expect([canRun, problem?.code]).toEqual([false, "no_longer_allowed"]);
    const { approval, message } = await decide(t, jobId, "approve");
    expect(approval).toMatchObject({
      state: "failed",
      failure: {
        code: "no_longer_allowed",
        message: "The rights of this key changed while the call waited. Nothing was done.",
      },
    });
    expect(message).toMatch(/^Can no longer run: ./);
    expect(await refusal(decide(t, jobId, "approve"))).toBe("decided");
    expect((await log(t)).at(-1)).toBe("approvals/approve failed no_longer_allowed");
    expect(await bought(t)).toEqual([]);
  });

  test("a key that was rotated does not: the one that took over counts", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    const second = await t.action(admin.rotateKey, { keyId });
    await t.action(admin.rotateKey, { keyId: second.keyId });
    expect((await decide(t, jobId, "approve")).approval.state).toBe("succeeded");
    expect(await bought(t)).toHaveLength(1);
  });

  test("its tool is another one since", async () => {
    const { t } = shop;
    const { _id, jobId, approval } = await held(shop, "always");
    await t.run((ctx) =>
      ctx.db.patch("toolgateJobs", _id, { approval: { ...approval!, definition: "another" } }),
    );
    expect((await decide(t, jobId, "approve")).approval.failure?.code).toBe("tool_changed");
    const gone = await held(shop, "slow");
    await t.run((ctx) => ctx.db.patch("toolgateJobs", gone._id, { tool: "gone" }));
    expect((await decide(t, gone.jobId, "approve")).approval.failure?.code).toBe("tool_changed");
    expect(Object.keys(tools)).not.toContain("gone");
  });

  test("the app's query refuses it now", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "buy");
    script.rule = "refuse";
    expect((await decide(t, jobId, "approve")).approval.failure).toEqual({
      ...{ code: "no_such", message: "No such." },
    });
    expect(await bought(t)).toEqual([]);
  });

  describe("its rule was lifted, so the same call has run meanwhile", () => {
    type Lift = (own: Shop & { job: Doc<"toolgateJobs"> }) => Promise<unknown>;
    const rules: [string, string, object, Lift][] = [
      [
        "of the key",
        "plain",
        { approval: ["plain"] },
        ({ t, keyId }) => t.mutation(admin.updateKey, { keyId, approval: [] }),
      ],
      [
        "of the role",
        "plain",
        { role: "warehouse" },
        ({ t }) => t.mutation(admin.setRole, { name: "warehouse", approval: [] }),
      ],
      [
        "of the line",
        "always",
        {},
        // The line of `plain` is the same, but for the rule.
        ({ t, job }) => t.run((ctx) => ctx.db.patch("toolgateJobs", job._id, { tool: "plain" })),
      ],
    ];
    test.each(rules)("%s", async (_what, name, fields, lift) => {
      const { t } = shop;
      const own = { ...shop, ...(await issueKey(t, { subject: "ruled", ...fields })) };
      await t.mutation(admin.setRole, { name: "warehouse", approval: ["plain"] });
      const job = await held(own, name);
      await lift({ ...own, job });
      expect((await call(own, "plain")).structuredContent).toEqual({ paid: 200 });
      const { canRun, problem } = await t.query(admin.getApproval, { jobId: job.jobId });
      expect([canRun, problem?.code]).toEqual([false, "approval_not_needed"]);
      const { approval } = await decide(t, job.jobId, "approve");
      expect(approval).toMatchObject({ state: "failed", failure: { code: "approval_not_needed" } });
      expect(await bought(t)).toHaveLength(1);
    });
  });

  test("its time is over: it expires, whatever was decided", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    vi.setSystemTime(Date.now() + 24 * 3_600_000 + 10);
    const { approval, message } = await decide(t, jobId, "approve");
    expect(approval).toMatchObject({ state: "expired", failure: { code: "approval_expired" } });
    expect([approval.decision, message]).toEqual([undefined, expect.stringContaining("expired")]);
    expect(await refusal(decide(t, jobId, "deny"))).toBe("expired");
    expect(await bought(t)).toEqual([]);
    vi.useRealTimers();
  });
});

test("lists show those that wait, oldest first, and those that are settled, newest first, by tenant and by page", async () => {
  const { t, key } = shop;
  const globex = await issueKey(t, { tenant: "globex", subject: "agent" });
  const jobs = [];
  for (const count of [1, 2, 3]) jobs.push((await held(shop, "always", { count })).jobId);
  const other = await held({ t, key: globex.key }, "always");
  const list = async (more: object) => {
    const { approvals, nextCursor } = await t.query(admin.listApprovals, {
      state: "waiting",
      ...more,
    });
    return [approvals.map(({ jobId }) => jobId), nextCursor] as const;
  };
  expect(await list({})).toEqual([[...jobs, other.jobId], null]);
  expect(await list({ tenant: "acme" })).toEqual([jobs, null]);
  const [first, cursor] = await list({ limit: 1 });
  expect([first, (await list({ limit: 2, cursor }))[0]]).toEqual([[jobs[0]], [jobs[1], jobs[2]]]);
  await decide(t, jobs[1]!, "deny");
  await decide(t, other.jobId, "approve");
  await callTool(t, key, "jobs_cancel", { jobId: jobs[0] });
  const settled = [jobs[0], other.jobId, jobs[1]];
  expect((await list({ state: "decided" }))[0]).toEqual(settled);
  expect((await list({ state: "decided", tenant: "globex" }))[0]).toEqual([other.jobId]);
  expect((await list({}))[0]).toEqual([jobs[2]]);
});
