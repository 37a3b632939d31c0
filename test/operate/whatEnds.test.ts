/** What would end with a key or a connection, as a page asks it before somebody ends one. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { issueKey, rpc } from "../support/gate";
import { jobRow } from "./jobRows";
import { refusal, revoke, rotate, t } from "./setup";

const { admin } = internal.toolgate;

describe("whatEnds", () => {
  const ends = (of: { keyId?: string; grantId?: string; chain?: boolean }) =>
    t.query(admin.whatEnds, of);
  const insertJobs = (all: Parameters<typeof jobRow>[0][]) =>
    t.run(async (ctx) => {
      for (const one of all) await ctx.db.insert("toolgateJobs", jobRow(one));
    });
  const insertStreams = (all: Partial<Doc<"toolgateStreamLeases">>[]) =>
    t.run(async (ctx) => {
      for (const one of all)
        await ctx.db.insert("toolgateStreamLeases", {
          ...{ keyId: "k", tenant: "acme", listens: false, endsAt: 1e15, expiresAt: 1e15 },
          ...one,
        });
    });

  test("of a key: its own streams, jobs and waiting calls, and when it was last used", async () => {
    const { key, keyId, subject } = await issueKey(t, { subject: "agent" });
    const other = await issueKey(t, { subject: "agent" });
    expect(await ends({ keyId })).toEqual({ streams: 0, jobs: 0, approvals: 0, connections: 0 });
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    await rpc(t, key, "ping");
    const states = [
      "queued",
      "working",
      "input_required",
      "succeeded",
      "awaiting_approval",
    ] as const;
    for (const id of [keyId, other.keyId])
      await insertJobs(states.map((state) => ({ state, keyId: id, subject })));
    await insertStreams([{ keyId }, { keyId, expiresAt: 5 }, { keyId: other.keyId }]);
    expect(await ends({ keyId })).toEqual({
      ...{ streams: 1, jobs: 3, approvals: 1, connections: 0 },
      lastUsedAt: new Date(1_800_000_000_000).toISOString(),
    });
  });

  test("of a connection: what came by it; of its key after a rotation: that too", async () => {
    const { keyId, subject } = await issueKey(t);
    const grant = { grantId: "g", keyId, tenant: "acme", subject, access: "all" as const };
    const client = { id: "c", name: "Claude", verified: false };
    const times = { createdAt: 0, expiresAt: 1e15, forgetAt: 1e15, generation: 1 };
    await t.run((ctx) => ctx.db.insert("toolgateGrants", { ...grant, ...times, client }));
    await insertJobs([
      { keyId, subject, grantId: "g" },
      { keyId, subject },
    ]);
    await insertStreams([{ keyId, grantId: "g" }, { keyId }]);
    const counted = { streams: 1, jobs: 1, approvals: 0, connections: 0 };
    expect(await ends({ grantId: "g" })).toEqual(counted);
    expect(await ends({ keyId })).toEqual({ ...counted, streams: 2, jobs: 2, connections: 1 });
    const next = await rotate(keyId);
    expect(await ends({ keyId: next.keyId })).toEqual({ ...counted, connections: 1 });
  });

  test("of a key that took over from others: the calls that wait under these, and none of their jobs", async () => {
    const { keyId, subject } = await issueKey(t);
    await insertJobs([
      { keyId, subject, state: "awaiting_approval" },
      { keyId, subject },
    ]);
    const next = await rotate((await rotate(keyId)).keyId);
    const ended = { streams: 0, jobs: 0, approvals: 1, connections: 0 };
    expect(await ends({ keyId: next.keyId })).toEqual(ended);
    expect(await ends({ keyId })).toEqual({ ...ended, jobs: 1 });
  });

  test("of a chain of rotations: what ends with all keys of it that work, whichever is named", async () => {
    const { keyId, subject } = await issueKey(t);
    const held = { subject, state: "awaiting_approval" as const };
    const old = await rotate(keyId);
    const next = await rotate(old.keyId, { graceMinutes: 60 });
    const all = [keyId, old.keyId, next.keyId];
    await insertJobs(
      all.flatMap((id) => [
        { ...held, keyId: id },
        { subject, keyId: id },
      ]),
    );
    await insertStreams(all.map((id) => ({ keyId: id })));
    const grant = { grantId: "g", keyId: next.keyId, tenant: "acme", subject };
    await t.run((ctx) =>
      ctx.db.insert("toolgateGrants", {
        ...{ ...grant, access: "all", client: { id: "c", name: "Claude", verified: false } },
        ...{ createdAt: 0, expiresAt: 1e15, forgetAt: 1e15, generation: 1 },
      }),
    );
    await rpc(t, next.key, "ping");
    const lastUsedAt = (await ends({ keyId: next.keyId })).lastUsedAt!;
    // The old key still works for an hour; the first one is over, and only what it has left running ends with it.
    const two = { streams: 2, jobs: 2, approvals: 3, connections: 1, lastUsedAt };
    for (const id of [old.keyId, next.keyId])
      expect(await ends({ keyId: id, chain: true })).toEqual(two);
    expect(await ends({ keyId, chain: true })).toEqual({ ...two, streams: 3, jobs: 3 });
    expect(await ends({ keyId: old.keyId })).toEqual({
      ...{ streams: 1, jobs: 1, approvals: 2, connections: 0 },
    });
    // What was counted is what ends.
    const revoked = await revoke(old.keyId, undefined, { chain: true });
    expect(revoked).toMatchObject({ alsoRevoked: [next.keyId], connectionsEnded: 1 });
  });

  test.each([[{}], [{ keyId: "a", grantId: "b" }], [{ grantId: "a", chain: true }]])(
    "refuses %j",
    async (of) => {
      expect(await refusal(ends(of))).toMatchObject({ code: "invalid_arguments" });
    },
  );

  test("refuses a key and a connection that there are not", async () => {
    for (const of of [{ keyId: "nonesuch" }, { grantId: "nonesuch" }])
      expect(await refusal(ends(of))).toMatchObject({ code: "not_found" });
  });
});
