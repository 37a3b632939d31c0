/** The audit log as operators read it. */
import type { FunctionReturnType } from "convex/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { listAudit as library } from "../../src/operate/auditLog";
import { issueKey, rpc } from "../support/gate";
import { newCounted, rowsRead } from "./jobRows";
import { ping, refusal, t } from "./setup";

const { listAudit } = internal.toolgate.admin;

describe("the audit list", () => {
  test("is newest first, a page at a time, filtered by one thing", async () => {
    const one = await issueKey(t);
    const two = await issueKey(t, { tenant: "globex" });
    for (let call = 0; call < 5; call++) await ping(one.key);
    await ping(two.key);
    await rpc(t, one.key, "tools/call", { name: "nonesuch" });
    const list = (args: object) => t.query(internal.toolgate.admin.listAudit, args);
    const { entries } = await list({});
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(entries).toHaveLength(2 + 5 + 1 + 1);
    expect((await list({ tenant: "globex" })).entries.map(({ method }) => method)).toEqual([
      "ping",
      "keys/create",
    ]);
    expect((await list({ keyId: one.keyId })).entries).toHaveLength(7);
    expect((await list({ outcome: "denied" })).entries).toMatchObject([
      { tool: "nonesuch", reason: "unknown_tool" },
    ]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { entries: { id: string }[]; nextCursor: string | null } = await list({
        limit: 4,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(entries.map(({ id }) => id));
  });

  const insert = (many: readonly object[]) =>
    t.run(async (ctx) => {
      const row = { at: Date.now(), method: "tools/call", protocol: "x" } as const;
      for (const fields of many)
        await ctx.db.insert("toolgateAudit", { ...row, outcome: "answered", ...fields });
    });
  type Args = (typeof listAudit)["_args"];
  const pages = async (args: Args) => {
    const all = [];
    let cursor: string | null = null;
    do {
      const page: FunctionReturnType<typeof listAudit> = await t.query(listAudit, {
        ...args,
        ...(cursor === null ? {} : { cursor }),
      });
      expect(page.scanned).toBeLessThanOrEqual(500);
      all.push(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  };

  test("takes any filters together, either way round, in pages of any size", async () => {
    const some = <T>(values: T[], at: number) => values[at % values.length]!;
    await insert(
      Array.from({ length: 60 }, (_, n) => ({
        ...{ tenant: some(["acme", "globex"], n), keyId: some(["a", "b", "c"], n) },
        ...{ tool: some(["t1", "t2", "t3", "t4", "t5"], n), operation: `op${String(n >> 1)}` },
        outcome: some(["denied", "answered", "failed"] as const, n >> 2),
      })),
    );
    const rows = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
    const begin = rows[0]!._creationTime;
    // Rows of one moment: convex-test lets them be a fraction of a millisecond apart.
    const time = fc.integer({ min: -1, max: 5 }).map((ms) => new Date(begin + ms).toISOString());
    const filter = fc.record(
      {
        ...{ tenant: fc.constantFrom("acme", "none"), keyId: fc.constantFrom("a", "b") },
        ...{ tool: fc.constantFrom("t1", "t5"), operation: fc.constantFrom("op3", "op20") },
        outcome: fc.constantFrom("denied" as const, "failed" as const),
        ...{ since: time, until: time, oldestFirst: fc.boolean() },
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 200 }), async (args, limit) => {
        const { since, until, oldestFirst, ...equal } = args;
        const expected = rows.filter(
          (row) =>
            Object.entries(equal).every(([name, value]) => row[name as "tool"] === value) &&
            row._creationTime >= Date.parse(since ?? "1970-01-01") &&
            row._creationTime < Date.parse(until ?? "9999-01-01"),
        );
        const ids = expected.map(({ _id }) => _id as string);
        const found = (await pages({ ...args, limit })).map(({ id }) => id);
        expect(found).toEqual(oldestFirst === true ? ids : ids.reverse());
      }),
      { numRuns: 40 },
    );
  });

  test("looks at 500 rows a page for what has no index, and goes on", async () => {
    const [server, more] = [await newCounted(), { tool: "common" }];
    await server.run(async (ctx) => {
      const row = { at: 0, method: "tools/call", protocol: "x", outcome: "answered" } as const;
      for (let n = 0; n < 700; n++)
        await ctx.db.insert("toolgateAudit", { ...row, tool: n === 3 ? "rare" : more.tool });
    });
    const first = await server.query(listAudit, { tool: "rare" });
    expect(first).toMatchObject({ entries: [], scanned: 500, nextCursor: first.position });
    const second = await server.query(listAudit, { tool: "rare", cursor: first.nextCursor! });
    expect(second).toMatchObject({ entries: [{ tool: "rare" }], scanned: 200, nextCursor: null });
    const args = { tool: "rare" };
    expect(await rowsRead(server, (ctx) => library.handler(ctx, args))).toBeLessThanOrEqual(501);
  });

  test("goes on behind the last row with what came since, if the oldest come first", async () => {
    await insert([{ tool: "one" }]);
    const { position, nextCursor } = await t.query(listAudit, { oldestFirst: true });
    expect(nextCursor).toBe(null);
    await insert([{ tool: "two" }]);
    const next = await t.query(listAudit, { oldestFirst: true, cursor: position! });
    expect(next.entries).toMatchObject([{ tool: "two" }]);
    // The row at which the page before ended is gone: none is left out.
    await t.run(async (ctx) => {
      const one = (await ctx.db.query("toolgateAudit").collect()).find(
        ({ tool }) => tool === "one",
      );
      await ctx.db.delete(one!._id);
    });
    const again = await t.query(listAudit, { oldestFirst: true, cursor: position! });
    expect(again.entries).toMatchObject([{ tool: "two" }]);
  });

  test.each<[string, Args, string]>([
    ["a time that is none", { since: "yesterday" }, "since: expected a time such as"],
    ["a time of no calendar", { until: "2026-13-01" }, "until: expected a time such as"],
    ["a limit of 0", { limit: 0 }, "limit: expected"],
    ["a cursor that is none", { cursor: "x" }, "cursor: expected nextCursor"],
  ])("refuses %s", async (_what, args, says) => {
    expect((await refusal(t.query(listAudit, args))).message).toContain(says);
  });
});
