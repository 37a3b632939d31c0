/** Which calls are held, what is checked before anybody is asked, and what a held call leaves behind. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { accept, modern } from "../support/askingApp";
import { callTool, dump, issueKey, post, rows } from "../support/gate";
import { bought, call, held, log, newest, newShop, waiting, type Shop } from "./setup";

let shop: Shop;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  shop = await newShop();
});

const says = ({ content }: { content: { text: string }[] }) => content[0]?.text ?? "";

describe("which calls are held", () => {
  test("by a query of the line: above the limit, and not below it", async () => {
    const { t } = shop;
    expect((await call(shop, "buy", { count: 10 })).structuredContent).toEqual({ paid: 100 });
    expect(await waiting(t)).toEqual([]);
    const { jobId } = await held(shop, "buy", { count: 11 });
    expect(await bought(t)).toEqual(["desk: 10 at 10"]);
    expect(await waiting(t)).toMatchObject([
      {
        ...{ jobId, tool: "buy", title: "Buy", state: "awaiting_approval", subject: "agent" },
        ...{
          tenant: "acme",
          role: "admin",
          keyName: "sales",
          reason: "above your limit of 100 EUR",
        },
        summary: { title: "Buy desk", amount: "110 EUR" },
      },
    ]);
    expect(await log(t)).toEqual(["tools/call succeeded", "tools/call held"]);
  });

  test("by the line alone: a mutation, an action, a query; none of them runs", async () => {
    const { t, script } = shop;
    for (const name of ["always", "slow"]) await held(shop, name);
    await callTool(t, shop.key, "look", { thing: "desk" });
    expect((await waiting(t)).map(({ tool }) => tool)).toEqual(["always", "slow", "look"]);
    expect([await bought(t), script.acted]).toEqual([[], []]);
  });

  test("by the key and by the role, and not the tools by which a caller sees what became of a call", async () => {
    const { t } = shop;
    const { key, keyId } = await issueKey(t, { subject: "narrow" });
    await t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, { approval: ["pla*"] });
    });
    const { jobId, approval } = await held({ t, key }, "plain");
    expect(approval?.reason).toBe("this agent needs approval for this tool");
    expect((await call({ t, key }, "buy", { count: 1 })).isError).toBeUndefined();
    await t.run(async (ctx) => {
      const role = (await ctx.db.query("toolgateRoles").collect()).find(
        ({ name }) => name === "admin",
      )!;
      await ctx.db.patch("toolgateRoles", role._id, { approval: ["*"] });
    });
    await held(shop, "plain");
    await held(shop, "buy", { count: 1 });
    const shown = await callTool(t, key, "jobs_get", { jobId });
    expect(shown.structuredContent).toMatchObject({ jobId, state: "awaiting_approval" });
    expect((await callTool(t, key, "jobs_cancel", { jobId })).structuredContent).toMatchObject({
      state: "cancelled",
    });
  });
});

describe("before anybody is asked", () => {
  test.each([
    ["buy", { thing: 1 }, "invalid_arguments: thing"],
    ["slow", { count: "many" }, "invalid_arguments: count"],
    ["look", { thing: 1, count: undefined }, "invalid_arguments: thing"],
    ["slow", { thing: "nothing" }, "nothing: Name a thing."],
    ["slow", { idempotencyKey: "short" }, "invalid_arguments: "],
    ["always", { note: "x".repeat(17_000) }, "too_long_to_approve: "],
    ["always", { principal: { subject: "boss" } }, "invalid_arguments: principal"],
  ])("%s of %j is refused at once", async (name, args, text) => {
    const answer = await call(shop, name, args);
    expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
    expect(await waiting(shop.t)).toEqual([]);
  });

  test.each([
    ["refuse", "sold_out: Gone."],
    ["break", "Nothing was done."],
    ["misfit", "Nothing was done."],
  ] as const)(
    "a mutation that would %s does so at once, and leaves nothing",
    async (then, text) => {
      const { t, script } = shop;
      script.then = then;
      const answer = await call(shop, "always");
      expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
      expect(says(answer)).not.toContain("secret");
      expect([await waiting(t), await bought(t)]).toEqual([[], []]);
    },
  );

  test.each([
    ["refuse", "no_such: No such."],
    ["break", "internal"],
    ["mumble", "internal"],
    ["ramble", "internal"],
  ] as const)("a rule that does %s: the call neither runs nor waits", async (rule, text) => {
    const { t, script } = shop;
    script.rule = rule;
    const answer = await call(shop, "buy", { count: 1 });
    expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
    expect(says(answer)).not.toContain("secret");
    expect([await waiting(t), await bought(t)]).toEqual([[], []]);
  });

  test("no call runs with other arguments than its rule was asked about", async () => {
    const { t } = shop;
    await held(shop, "loose");
    const answer = await call(shop, "loose", { count: "20" });
    expect(says(answer)).toMatch(/^invalid_arguments: count: expected number/);
    expect(await bought(t)).toEqual([]);
    expect((await call(shop, "loose", { count: 1 })).structuredContent).toEqual({ paid: 10 });
  });

  test("arguments that are mended wait as they will run", async () => {
    await held(shop, "always", { note: null });
    expect(JSON.parse((await newest(shop.t)).arguments!)).toEqual({ thing: "desk", count: 20 });
  });

  test("a tool that asks the user asks first, and the answers wait with the call; they count once", async () => {
    const { t, key } = shop;
    const asking = { name: "asks", arguments: { thing: "lamp" } };
    const can = { elicitation: {} };
    const asked = (await modern(t, key, "tools/call", asking, can)).json.result ?? {};
    expect([asked.resultType, await waiting(t)]).toEqual(["input_required", []]);
    const answered = {
      ...{ ...asking, requestState: asked.requestState },
      inputResponses: { who: accept({ name: "Ada" }) },
    };
    await modern(t, key, "tools/call", answered, can);
    const [one] = await waiting(t);
    expect(JSON.parse((await newest(t)).input!.answers)).toMatchObject({
      who: { response: accept({ name: "Ada" }) },
    });
    await t.mutation(internal.toolgate.jobs.cancel, {
      jobId: one!.jobId,
      principal: { tenant: "acme", subject: "agent", role: "admin", keyId: shop.keyId },
    });
    const again = (await modern(t, key, "tools/call", answered, can)).json.result;
    expect(JSON.stringify(again)).toContain("state_used");
  });
});

describe("what it leaves behind", () => {
  test("five rows at most, a job without a worker, and a notice without arguments", async () => {
    const { t, script } = shop;
    const count = async () =>
      Object.values(await dump(t)).reduce((sum, table) => sum + table.length, 0);
    const before = await count();
    const { jobId, leaseUntil, expiresAt, createdAt, ...job } = await held(shop, "buy", {
      idempotencyKey: "one-of-a-kind",
    });
    expect((await count()) - before).toBeLessThanOrEqual(5);
    expect(job).toMatchObject({ tool: "buy", arguments: '{"thing":"desk","count":20}' });
    expect([leaseUntil - createdAt, expiresAt - leaseUntil]).toEqual([86_400_000, 172_800_000]);
    const scheduled = await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
    expect(scheduled.map(({ name }) => name)).toEqual(["toolgate/jobs:expire", "probe:told"]);
    await vi.advanceTimersByTimeAsync(1);
    const { reason } = job.approval!;
    expect(script.told).toEqual([
      { jobId, tool: "buy", tenant: "acme", reason, until: leaseUntil },
    ]);
    expect(JSON.stringify(script.told)).not.toContain("desk");
  });

  test.each([
    [{ expiresHours: 2 }, 2],
    [{ expiresHours: 168 }, 168],
    [{}, 24],
  ])("with %j it waits %d hours", async (approvals, hours) => {
    const { approval } = await held(await newShop({ approvals }), "always");
    expect(approval!.until - approval!.askedAt).toBe(hours * 3_600_000);
  });
});

describe("the same call again", () => {
  test("joins the one that waits, and another one does not", async () => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    await call(shop, "always");
    expect(await waiting(t)).toMatchObject([{ jobId }]);
    expect((await log(t)).at(-1)).toBe("tools/call replayed");
    await held(shop, "always", { count: 21 });
    const other = await issueKey(t, { subject: "other" });
    await held({ t, key: other.key }, "always");
  });

  test("joins also once the rule would let it run: it was made once", async () => {
    const { t, script } = shop;
    await held(shop, "buy");
    script.price = 1;
    await call(shop, "buy");
    expect([await bought(t), (await waiting(t)).length]).toEqual([[], 1]);
  });

  test.each(["always", "slow"])(
    "%s joins by its idempotency key, and only with the same arguments",
    async (name) => {
      const idempotencyKey = "made-only-once";
      const { jobId } = await held(shop, name, { idempotencyKey });
      await call(shop, name, { idempotencyKey });
      expect(await waiting(shop.t)).toMatchObject([{ jobId }]);
      const other = await call(shop, name, { idempotencyKey, count: 21 });
      expect(says(other)).toContain("idempotency_mismatch");
    },
  );

  test("a batch finds no way round", async () => {
    const { t, key } = shop;
    const one = (id: number, count: number) => {
      const params = { name: "always", arguments: { thing: "desk", count } };
      return { jsonrpc: "2.0", id, method: "tools/call", params };
    };
    const batch = [one(1, 1), one(2, 2), one(3, 1)];
    const { json } = await post(t, key, batch, { "mcp-protocol-version": "2025-03-26" });
    expect(json).toHaveLength(3);
    expect([await bought(t), (await waiting(t)).length]).toEqual([[], 2]);
  });

  test("too many of one subject are refused, whatever its key; another subject is not", async () => {
    const { t } = shop;
    for (let count = 1; count <= 20; count++) await held(shop, "always", { count });
    const second = await issueKey(t, { subject: "agent" });
    const answer = await call({ t, key: second.key }, "always", { count: 21 });
    expect(says(answer)).toContain("too_many_waiting: 20 of your calls");
    await held({ t, key: (await issueKey(t, { subject: "other" })).key }, "always");
  });

  test("to call and withdraw again and again tells people of 20 calls in 10 minutes at most", async () => {
    const { t, key } = shop;
    const told = async (): Promise<number> => {
      const scheduled = await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
      return scheduled.filter(({ name }) => name.endsWith("told")).length;
    };
    const before = await told();
    for (let count = 1; count <= 25; count++) {
      const answer = await call(shop, "always", { count });
      for (const { jobId } of await waiting(t)) await callTool(t, key, "jobs_cancel", { jobId });
      if (count > 20) expect(says(answer)).toContain("too_many_waiting: 20 of your calls wait");
    }
    expect((await told()) - before).toBe(20);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: now + 11 * 60_000 });
    await held(shop, "always", { count: 30 });
    vi.useRealTimers();
  });

  test("too many of one tenant are refused; another tenant is not", async () => {
    const { t } = shop;
    const { _id, _creationTime, ...job } = await held(shop, "always");
    await t.run(async (ctx) => {
      for (let i = 0; i < 199; i++)
        await ctx.db.insert("toolgateJobs", {
          ...job,
          jobId: `j${String(i)}`,
          subject: `s${String(i)}`,
        });
    });
    expect(says(await call(shop, "always", { count: 2 }))).toContain("too_many_waiting: Too many");
    const globex = await issueKey(t, { tenant: "globex", subject: "agent" });
    await held({ t, key: globex.key }, "always");
    expect((await rows(t, "toolgateJobs")).length).toBe(201);
  });
});

test("one that waits too long expires, once, and may be asked for anew", async () => {
  const { t } = shop;
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const { jobId } = await held(shop, "always", { idempotencyKey: "one-that-waits" });
  await t.mutation(internal.toolgate.jobs.expire, { jobId });
  expect((await newest(t)).state).toBe("awaiting_approval");
  vi.setSystemTime(Date.now() + 24 * 3_600_000 + 10);
  await t.mutation(internal.toolgate.jobs.expire, { jobId });
  const job = await newest(t);
  expect(job).toMatchObject({
    ...{ state: "expired", failure: { code: "approval_expired" } },
    approval: { settledAt: expect.any(Number) as number },
  });
  expect(job.failure?.message).toContain("within 24 hours. Nothing was done.");
  expect(job.arguments).toBeUndefined();
  expect((await log(t)).at(-1)).toBe("job/end failed approval_expired");
  await held(shop, "always", { idempotencyKey: "one-that-waits" });
  vi.useRealTimers();
});

test("the sweep does not end one that waits for days, and ends one as expired whose watchdog was lost", async () => {
  const { t } = shop;
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const { jobId } = await held(shop, "always");
  vi.setSystemTime(Date.now() + 71 * 3_600_000);
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await newest(t)).toMatchObject({ jobId, state: "awaiting_approval" });
  vi.setSystemTime(Date.now() + 2 * 3_600_000);
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await newest(t)).toMatchObject({ jobId, state: "expired" });
  vi.useRealTimers();
});

test("one that is cancelled while it waits says that nothing was done", async () => {
  const { t, key } = shop;
  const { jobId } = await held(shop, "always");
  await callTool(t, key, "jobs_cancel", { jobId });
  expect(await newest(t)).toMatchObject({
    state: "cancelled",
    failure: { message: "The call was withdrawn before anyone decided. Nothing was done." },
  });
  expect(await waiting(t)).toEqual([]);
});
