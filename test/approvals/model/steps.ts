/** What can happen to a held call, each with what it should come to. */
import { expect, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { decideApproval } from "../../../src/entry/approvals";
import { decide } from "../decisions";
import { mayRun, theJob, callIt, type Model, type Real } from "./model";

const { admin, jobs } = internal.toolgate;

/** @param fields - of the row of the newest key. */
const change = ({ t, own }: Real, fields: object) =>
  t.run(async (ctx) => {
    const row = await ctx.db
      .query("toolgateKeys")
      .withIndex("by_keyId", (q) => q.eq("keyId", own.keyId))
      .unique();
    await ctx.db.patch("toolgateKeys", row!._id, fields);
  });

const approved = (model: Model, { tool, script }: Real): void => {
  if (model.isLate) model.state = "expired";
  else if (!mayRun(model) || model.isLifted) model.state = "failed";
  // What ran while the rule was lifted had the same idempotency key.
  else if (model.effects > 0) model.state = "succeeded";
  else if (tool === "slow") {
    model.yeses++;
    model.state = "queued";
  } else if (script.then === "return") {
    model.yeses++;
    model.effects++;
    model.state = "succeeded";
  } else model.state = "failed";
};

type Step = readonly [name: string, act: (model: Model, real: Real) => Promise<unknown>];
export const steps: Step[] = [
  [
    "approve",
    async (model, real) => {
      const { jobId } = await theJob(real);
      const decision = decide(real.t, jobId, "approve");
      if (model.state !== "awaiting_approval") return expect(decision).rejects.toThrow();
      await decision;
      approved(model, real);
    },
  ],
  [
    "approve one's own call",
    async (_model, { t, app, subject, ...real }) => {
      const { jobId } = await theJob({ t, app, subject, ...real });
      const { seen } = await t.query(admin.getApproval, { jobId });
      const own = { jobId, seen, by: subject, tenant: "acme", verdict: "approve" } as const;
      const decision = t.mutation((ctx) => decideApproval(ctx, app, own));
      // One that is too late ends as such, whoever finds it.
      if (_model.state === "awaiting_approval" && _model.isLate) {
        await decision;
        _model.state = "expired";
      } else await expect(decision).rejects.toThrow();
    },
  ],
  [
    "approve what was seen before it changed",
    async (model, real) => {
      const { jobId } = await theJob(real);
      if (model.isLate || model.state !== "awaiting_approval") return;
      await expect(decide(real.t, jobId, "approve", { seen: "before" })).rejects.toThrow(/changed/);
    },
  ],
  [
    "approve, and crash",
    async (_model, real) => {
      const { t, app } = real;
      const { jobId } = await theJob(real);
      const { seen } = await t.query(admin.getApproval, { jobId });
      const yes = { jobId, seen, by: "olga", tenant: "acme", verdict: "approve" } as const;
      const decision = t.mutation(async (ctx) => {
        await decideApproval(ctx, app, yes);
        throw new Error("crash");
      });
      await expect(decision).rejects.toThrow();
    },
  ],
  [
    "deny",
    async (model, real) => {
      const decision = decide(real.t, (await theJob(real)).jobId, "deny");
      if (model.state !== "awaiting_approval") return expect(decision).rejects.toThrow();
      await decision;
      model.state = model.isLate ? "expired" : "denied";
    },
  ],
  [
    "cancel",
    async (model, real) => {
      const { jobId, tenant, subject, role, keyId } = await theJob(real);
      await real.t.mutation(jobs.cancel, { jobId, principal: { tenant, subject, role, keyId } });
      if (["awaiting_approval", "queued"].includes(model.state)) model.state = "cancelled";
    },
  ],
  [
    "call again",
    async (model, real) => {
      if (real.script.then !== "return") return;
      await callIt(real);
      const isOpen = model.isLate || ["cancelled", "failed"].includes(model.state);
      if (!mayRun(model)) return;
      if (model.isLifted) {
        // Nobody need say yes any more, but once is enough.
        model.effects = 1;
        model.yeses = 1;
        return;
      }
      if (!isOpen || model.effects > 0) return;
      model.state = "awaiting_approval";
      model.isLate = false;
    },
  ],
  [
    "work",
    async (model, { t }) => {
      await vi.advanceTimersByTimeAsync(10);
      await t.finishInProgressScheduledFunctions();
      if (model.state !== "queued") return;
      // A job of a key that was revoked does not begin.
      model.state = model.isRevoked ? "cancelled" : "succeeded";
      if (!model.isRevoked) model.effects++;
    },
  ],
  [
    "expire",
    async (model, real) => {
      await real.t.mutation(jobs.expire, { jobId: (await theJob(real)).jobId });
      if (model.state === "awaiting_approval" && model.isLate) model.state = "expired";
    },
  ],
  ["sweep", async (_model, { t }) => t.mutation(jobs.sweep, {})],
  [
    "a day passes",
    async (model) => {
      // A job that waits for its worker would end by that.
      if (model.hasPassed || model.state === "queued") return;
      model.hasPassed = true;
      vi.setSystemTime(Date.now() + 25 * 3_600_000);
      if (model.state === "awaiting_approval") model.isLate = true;
    },
  ],
  [
    "revoke",
    async (model, { t, own: { keyId } }) => {
      if (model.isRevoked) return;
      model.isRevoked = true;
      await t.mutation(admin.revokeKey, { keyId, reason: "lost" });
    },
  ],
  [
    "rotate",
    async (model, real) => {
      if (model.isRevoked) return;
      real.own = await real.t.action(admin.rotateKey, { keyId: real.own.keyId });
    },
  ],
  ...[true, false].map((isDemoted): Step => [
    isDemoted ? "demote" : "promote",
    async (model, real) => {
      model.isDemoted = isDemoted;
      await change(real, { role: isDemoted ? "viewer" : "admin" });
    },
  ]),
  ...[true, false].map((isNarrowed): Step => [
    isNarrowed ? "narrow" : "widen",
    async (model, real) => {
      model.isNarrowed = isNarrowed;
      await change(real, { constraints: isNarrowed ? { [real.tool]: { count: { max: 0 } } } : {} });
    },
  ]),
  ...[true, false].map((isLifted): Step => [
    isLifted ? "lift the rule" : "set the rule",
    async (model, { t, tool, own: { keyId } }) => {
      if (tool !== "plain" || model.isRevoked) return;
      model.isLifted = isLifted;
      await t.mutation(admin.updateKey, { keyId, approval: isLifted ? [] : [tool] });
    },
  ]),
  ...(["return", "refuse", "misfit"] as const).map((then): Step => [
    `the tool would ${then}`,
    async (_model, { script, tool }) => {
      if (tool !== "slow") script.then = then;
    },
  ]),
];
