/** What each screen of the console reads: as many rows of 1,000 as of 100,000. */
import type { WithoutSystemFields } from "convex/server";
import { expect, test, vi } from "vitest";
import * as admin from "../../convex/toolgate/admin";
import type { Doc } from "../../convex/_generated/dataModel";
import { callTool, issueKey, type Backend } from "../support/gate";
import { jobRow, newCounted, rowsIn } from "./jobRows";

const STATES = ["queued", "working", "succeeded", "failed", "awaiting_approval", "denied"] as const;

const [FEW, MANY] = [1_000, 100_000];

type Audit = WithoutSystemFields<Doc<"toolgateAudit">>;

/** Rows of each of four tables per transaction, which may write 16,000. */
const BATCH = 3_000;

interface Of {
  readonly keyId: string;
  readonly subject: string;
  /** The id of a call that waits for its approval. */
  readonly held: string;
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
        ...jobRow({ keyId: of.keyId, subject: of.subject, state, jobId: `j${at}` }),
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
const asked = ({ keyId, held }: Of): readonly (readonly [keyof typeof admin, object])[] => [
  ["overview", { span: "hour" }],
  ["overview", { span: "week" }],
  ["foldStats", { follows: true }],
  ["auditHead", {}],
  ["verifyAudit", {}],
  ["describeApp", {}],
  ["listApprovals", { state: "waiting" }],
  ["listApprovals", { state: "decided" }],
  ["getApproval", { jobId: held }],
  ["listAudit", { limit: 50 }],
  ["listAudit", { limit: 50, keyId }],
  ["listKeys", { limit: 50 }],
  ["listKeys", { limit: 50, tenant: "acme" }],
  ["whatEnds", { keyId }],
  ["whatEnds", { keyId, chain: true }],
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

/** Later, so that what was written has settled. */
const LATER = 5 * 60_000;

const later = async <T>(work: () => Promise<T>): Promise<T> => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
};

/** One run, which leaves rows that wait. */
const sealSome = (t: Backend) =>
  t.run((ctx) => {
    const { _handler } = admin.sealAudit as unknown as Registered;
    const scheduler = { runAfter: () => Promise.resolve() };
    return _handler({ ...ctx, scheduler } as never, {});
  });

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

const readsOf = (t: Backend, of: Of): Promise<Record<string, number>> =>
  later(async () => {
    const counts: Record<string, number> = {};
    for (const [name, args] of asked(of))
      counts[`${name} ${JSON.stringify(args)}`] = await rowsOf(
        t,
        admin[name] as unknown as Registered,
        args,
      );
    return counts;
  });

test("every screen reads as many rows of 100,000 as of 1,000", { timeout: 900_000 }, async () => {
  const t = await newCounted();
  const approval = ["customers_create"];
  const { key, keyId, subject } = await issueKey(t, { subject: "agent", approval });
  const made = await callTool(t, key, "customers_create", { name: "A", email: "a@a.example" });
  const of = { keyId, subject, held: String(made.structuredContent?.jobId) };
  await seed(t, 0, FEW, of);
  expect(await later(() => sealSome(t))).toEqual({ seals: 5, rows: 500 });
  const few = await readsOf(t, of);
  await seed(t, FEW, MANY, of);
  const many = await readsOf(t, of);
  console.table(many);
  expect(many).toEqual(few);
  for (const count of Object.values(many)) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(600);
  }
});
