/** What an app's own page can do for its signed-in user: list, show and decide, for one tenant, and never for a call of the user's own agent. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { mutation, query } from "../../convex/_generated/server";
import { decideApproval, getApproval, listApprovals } from "../../src/entry/approvals";
import { issueKey, rows } from "../support/gate";
import { connectAgent } from "../support/connect";
import { bought, held, log, newest, newShop, type Shop } from "./setup";

let shop: Shop;

/** The page's functions. Whoever is signed in is an argument here. */
const page = {
  list: query({
    args: {
      tenant: v.optional(v.string()),
      state: v.union(v.literal("waiting"), v.literal("decided")),
    },
    handler: async (ctx, args) => listApprovals(ctx, shop.app, args),
  }),
  get: query({
    args: { jobId: v.string(), tenant: v.optional(v.string()) },
    handler: async (ctx, args) => getApproval(ctx, shop.app, args),
  }),
  decide: mutation({
    args: {
      ...{ jobId: v.string(), verdict: v.union(v.literal("approve"), v.literal("deny")) },
      ...{ seen: v.optional(v.string()), by: v.string(), tenant: v.optional(v.string()) },
    },
    handler: async (ctx, args) => decideApproval(ctx, shop.app, args),
  }),
};

const ref = <Kind extends "query" | "mutation">(name: string) =>
  makeFunctionReference<Kind>(`page:${name}`);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  shop = await newShop({ functions: { page }, connect: {} });
});

const seenBy = async (jobId: string, tenant = "acme"): Promise<string> =>
  ((await shop.t.query(ref<"query">("get"), { jobId, tenant })) as { seen: string }).seen;

const decideAs = async (by: string, jobId: string, verdict = "approve", tenant = "acme") => {
  const seen = await seenBy(jobId);
  return shop.t.mutation(ref<"mutation">("decide"), { jobId, verdict, seen, by, tenant });
};

test("somebody else approves, as is proven; the user of the agent does not", async () => {
  const { t } = shop;
  const { jobId } = await held(shop, "buy");
  await expect(decideAs("agent", jobId)).rejects.toThrow(/own_call/);
  expect([await bought(t), (await newest(t)).state]).toEqual([[], "awaiting_approval"]);
  await decideAs("olga", jobId);
  expect(await bought(t)).toHaveLength(1);
  expect((await newest(t)).approval?.decision).toMatchObject({ by: "olga", how: "app" });
  expect((await log(t)).at(-1)).toBe("approvals/approve succeeded");
});

test("nor for a call over a connection, whoever the key belongs to now", async () => {
  const { t, key } = shop;
  const { tokens } = await connectAgent(t, key);
  const { jobId, grantId } = await held({ t, key: tokens.access_token }, "always");
  expect(grantId).toBeDefined();
  await t.run(async (ctx) => {
    for (const row of await ctx.db.query("toolgateKeys").collect())
      await ctx.db.patch("toolgateKeys", row._id, { subject: "ann" });
  });
  for (const own of ["agent", "ann"])
    await expect(decideAs(own, jobId)).rejects.toThrow(/own_call/);
});

test("the user of the agent may deny", async () => {
  const { jobId } = await held(shop, "always");
  await decideAs("agent", jobId, "deny");
  expect((await newest(shop.t)).state).toBe("denied");
});

test("a call of another tenant is not there, and a tenant must be named", async () => {
  const { t } = shop;
  const { jobId } = await held(shop, "always");
  await expect(decideAs("olga", jobId, "deny", "globex")).rejects.toThrow(/not_found/);
  await expect(t.query(ref<"query">("get"), { jobId })).rejects.toThrow(/not_found/);
  for (const tenant of [{}, { tenant: "globex" }])
    expect(await t.query(ref<"query">("list"), { state: "waiting", ...tenant })).toMatchObject({
      approvals: [],
    });
  expect(await t.query(ref<"query">("list"), { state: "waiting", tenant: "acme" })).toMatchObject({
    approvals: [{ jobId }],
  });
});

test("if the app's mutation fails, neither the decision nor the effect stays", async () => {
  const { t } = shop;
  const { jobId } = await held(shop, "always");
  const seen = await seenBy(jobId);
  const failing = t.mutation(async (ctx) => {
    await decideApproval(ctx, shop.app, {
      jobId,
      verdict: "approve",
      seen,
      by: "olga",
      tenant: "acme",
    });
    throw new Error("The page fails");
  });
  await expect(failing).rejects.toThrow("The page fails");
  expect([await bought(t), (await newest(t)).state]).toEqual([[], "awaiting_approval"]);
  const audited = (await rows(t, "toolgateAudit")).map(({ method }) => method);
  expect(audited).not.toContain("approvals/approve");
});

test("another key of the same subject finds no way round", async () => {
  const { t } = shop;
  await held(shop, "always");
  const second = await issueKey(t, { subject: "agent" });
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId: shop.keyId, reason: "lost" });
  const { jobId } = await held({ t, key: second.key }, "always", { count: 1 });
  expect(await bought(t)).toEqual([]);
  expect((await newest(t)).jobId).toBe(jobId);
});
