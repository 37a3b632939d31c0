/** What each screen of the console reads: as many rows of 1,000 as of 100,000. */
import type { WithoutSystemFields } from "convex/server";
import { expect, test, vi } from "vitest";
import * as admin from "../../convex/toolgate/admin";
import type { Doc } from "../../convex/_generated/dataModel";
import { issueKey, type Backend } from "../support/gate";
import { jobRow, newCounted, rowsIn } from "./jobRows";

const STATES = ["queued", "working", "succeeded", "failed", "awaiting_approval", "denied"] as const;

type Audit = WithoutSystemFields<Doc<"toolgateAudit">>;

/** Rows of each of four tables per transaction, which may write 16,000. */
const BATCH = 3_000;

interface Of {
  readonly keyId: string;
  readonly subject: string;
}

const auditRow = (at: number, { keyId, subject }: Of): Audit => ({
  ...{ at: Date.now(), method: "tools/call", tool: "orders_get", protocol: "2025-06-18" },
  ...{ outcome: at % 3 ? "succeeded" : "failed", keyId, subject, tenant: "acme", role: "admin" },
  ...{ grantId: `g${at % 50}`, operation: `o${at}`, ms: at % 900, waitedMs: at % 90 },
});

const heldFields = (at: number) => ({
  reason: "above the limit",
  ...{ call: `c${at}`, definition: "d", askedAt: 1, until: 1e15, settledAt: at },
});

const seedBatch = (t: Backend, from: number, to: number, of: Of) =>
  t.run(async (ctx) => {
    const { _id, _creationTime, ...key } = (await ctx.db.query("toolgateKeys").first())!;
    for (let at = from; at < to; at++) {
      const state = STATES[at % STATES.length]!;
      const approval = state === "awaiting_approval" || state === "denied" ? heldFields(at) : null;
      await ctx.db.insert("toolgateKeys", { ...key, keyId: `k${at}`, subject: `s${at}` });
      await ctx.db.insert("toolgateAudit", auditRow(at, of));
      await ctx.db.insert("toolgateJobs", {
        ...jobRow({ ...of, state, jobId: `j${at}` }),
        ...(approval && { approval }),
      });
      await ctx.db.insert("toolgateGrants", {
        ...{ grantId: `g${at}`, keyId: `k${at}`, tenant: "acme", subject: of.subject },
        ...{ client: { id: "c", name: "Claude", verified: false }, access: "all", generation: 1 },
        ...{ createdAt: 0, expiresAt: 1e15, forgetAt: 1e15 },
      });
    }
  });

const seed = async (t: Backend, from: number, to: number, of: Of) => {
  for (let at = from; at < to; at += BATCH) await seedBatch(t, at, Math.min(to, at + BATCH), of);
};

/** Screen and function → arguments. */
const asked = ({ keyId }: Of): readonly (readonly [keyof typeof admin, object])[] => [
  ["overview", { span: "hour" }],
  ["overview", { span: "week" }],
  ["foldStats", { follows: true }],
  ["describeApp", {}],
  ["listApprovals", { state: "waiting" }],
  ["listApprovals", { state: "decided" }],
  ["listAudit", { limit: 50 }],
  ["listAudit", { limit: 50, keyId }],
  ["listKeys", { limit: 50 }],
  ["listKeys", { limit: 50, tenant: "acme" }],
  ["whatEnds", { keyId }],
  ["whatEnds", { grantId: "g7" }],
  ["listConnections", { limit: 50 }],
  ["listRoles", {}],
  ["roleMatrix", {}],
  ["listJobs", { state: "running", limit: 50 }],
  ["listJobs", { state: "ended", limit: 50, tenant: "acme" }],
  ["seenTools", { keyId }],
];

interface Registered {
  readonly _handler: (ctx: never, args: object) => Promise<unknown>;
}

/** What was read, thrown: a count must leave nothing behind, since the next would read other rows. */
class Read extends Error {
  constructor(readonly rows: number) {
    super();
  }
}

const rowsOf = (t: Backend, { _handler }: Registered, args: object): Promise<number> =>
  t
    .run(async (ctx) => {
      throw new Read(await rowsIn(ctx, (own) => _handler(own, args)));
    })
    .then(
      () => NaN,
      (thrown: unknown) => {
        if (thrown instanceof Read) return thrown.rows;
        throw thrown;
      },
    );

const readsOf = async (t: Backend, of: Of): Promise<Record<string, number>> => {
  // Later, so that what was written has settled.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  const counts: Record<string, number> = {};
  for (const [name, args] of asked(of))
    counts[`${name} ${JSON.stringify(args)}`] = await rowsOf(
      t,
      admin[name] as unknown as Registered,
      args,
    );
  vi.useRealTimers();
  return counts;
};

test("every screen reads as many rows of 100,000 as of 1,000", { timeout: 900_000 }, async () => {
  const t = await newCounted();
  const { keyId, subject } = await issueKey(t, { subject: "agent" });
  const of = { keyId, subject };
  await seed(t, 0, 1_000, of);
  const few = await readsOf(t, of);
  await seed(t, 1_000, 100_000, of);
  const many = await readsOf(t, of);
  console.table(many);
  expect(many).toEqual(few);
  for (const count of Object.values(many)) expect(count).toBeLessThanOrEqual(600);
});
