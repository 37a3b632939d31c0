/** streamBudget alone: who gets a lease, and how it is renewed and given back. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newBackend, rows, type Backend } from "../../test/support/gate";
import type { Stream } from "../data/call";
import type { GateTx } from "../data/database";
import type { CallClaim, Verdict } from "./guard";
import { renewStreamLease } from "./renewal";
import { streamBudget, type StreamBudgetOptions } from "./streamBudget";

const limits = { perKey: 2, perTenant: 3, perDeployment: 4 };
const caller = (keyId: string, tenant = "acme") => ({ subject: "s", tenant, role: "clerk", keyId });
const work = (ms = 300_000) => ({ purpose: "work", endsAt: Date.now() + ms }) as const;
const listening = (ms = 300_000) => ({ purpose: "listening", endsAt: Date.now() + ms }) as const;

let t: Backend;
beforeEach(() => {
  t = newBackend();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const claimOf = (stream?: Stream) =>
  ({
    call: { method: "x", protocol: "x", ...(stream === undefined ? {} : { stream }) },
  }) as CallClaim;

const decide = (
  keyId: string,
  stream: Stream = work(),
  inner: Partial<Verdict> = {},
  { tenant = "acme", stated = limits }: { tenant?: string; stated?: StreamBudgetOptions } = {},
) =>
  t.run(async (ctx) =>
    streamBudget(stated).decide(ctx as unknown as GateTx, claimOf(stream), async () => ({
      context: { principal: caller(keyId, tenant) },
      ...inner,
    })),
  ) as Promise<Verdict<{ streamLease: string }>>;

const refused = async (...args: Parameters<typeof decide>) => {
  const { refusal } = await decide(...args);
  return refusal?.kind === "stream_limit" ? refusal : undefined;
};

test("a call that stays open gets a lease, up to the key's own limit", async () => {
  expect((await decide("a")).context.streamLease).toBeDefined();
  await decide("a");
  expect((await decide("a")).refusal).toMatchObject({ kind: "stream_limit", retryAfter: 300 });
  expect((await decide("b")).refusal).toBeUndefined();
});

test("a tenant has a limit, and all keys together have one too", async () => {
  for (const key of ["a", "b", "c"]) await decide(key);
  expect((await refused("d"))?.message).toContain("one tenant may hold 3 at once");
  expect(await refused("e", work(), {}, { tenant: "globex" })).toBeUndefined();
  const other = { tenant: "initech" };
  expect((await refused("f", work(), {}, other))?.message).toContain(
    "all keys together may hold 4 at once",
  );
});

test("half of the places are for work only, whoever listens", async () => {
  const stated = { perKey: 4, perTenant: 6, perDeployment: 8 };
  const listen = (key: string, tenant = "acme") =>
    refused(key, listening(), {}, { tenant, stated });
  for (const key of ["a", "a", "b"]) expect(await listen(key)).toBeUndefined();
  expect((await listen("a"))?.message).toContain("listening, one key may hold 2 at once");
  expect((await listen("b"))?.message).toContain("listening, one tenant may hold 3 at once");
  expect(await listen("x", "globex")).toBeUndefined();
  expect((await listen("y", "globex"))?.message).toContain("listening, all keys together");
  for (const key of ["a", "a", "b"]) {
    expect(await refused(key, work(), {}, { stated })).toBeUndefined();
  }
  expect(await refused("x", work(), {}, { tenant: "globex", stated })).toBeUndefined();
  // Work may take what nobody listens with.
  await t.run(async (ctx) => {
    for (const row of await ctx.db.query("toolgateStreamLeases").collect())
      await ctx.db.delete("toolgateStreamLeases", row._id);
  });
  for (let i = 0; i < 4; i++) expect(await refused("a", work(), {}, { stated })).toBeUndefined();
  expect(await listen("a")).toBeDefined();
});

const purposes = fc.constantFrom(work, listening);
const stay = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  tenant: fc.constantFrom("acme", "globex"),
  of: purposes,
  ms: fc.integer({ min: 1, max: 1_800_000 }),
});

test("whoever waits for Retry-After finds a place, and a shorter wait is never asked of him", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2030, 0, 1) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(stay, { minLength: 3, maxLength: 12 }),
      fc.record({ perKey: fc.nat(4), perTenant: fc.nat(4), perDeployment: fc.nat(6) }),
      stay,
      async (stays, some, last) => {
        t = newBackend();
        const stated = {
          perKey: some.perKey + 1,
          perTenant: some.perTenant + 1,
          perDeployment: some.perDeployment + 1,
        };
        const open = { perKey: 99, perTenant: 99, perDeployment: 99 };
        // More than the limits allow, as after a setting was lowered.
        for (const { key, tenant, of, ms } of stays.slice(0, 2 * stated.perDeployment))
          await decide(key, of(ms), {}, { tenant, stated: open });
        const ask = () => refused(last.key, last.of(last.ms), {}, { tenant: last.tenant, stated });
        const refusal = await ask();
        if (refusal === undefined) return;
        expect(refusal.message).toContain(`Retry after ${String(refusal.retryAfter)} s.`);
        vi.setSystemTime(Date.now() + refusal.retryAfter * 1000);
        expect(await ask()).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});

describe("the settings of the deployment", () => {
  const open = async (count: number, tenants = ["acme"]) => {
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const tenant = tenants[i % tenants.length]!;
      const refusal = await refused(`${tenant} ${String(i)}`, work(), {}, { tenant, stated: {} });
      if (refusal === undefined) taken++;
    }
    return taken;
  };

  test("are 24 in all, and half of them for a tenant, unless set", async () => {
    expect(await open(14)).toBe(12);
    expect(await open(14, ["globex"])).toBe(12);
    expect(await open(2, ["initech"])).toBe(0);
  });

  test("come from the environment", async () => {
    vi.stubEnv("TOOLGATE_STREAMS", "6");
    expect(await open(5)).toBe(3);
    vi.stubEnv("TOOLGATE_STREAMS_PER_TENANT", "5");
    expect(await open(5)).toBe(2);
    vi.stubEnv("TOOLGATE_STREAMS_PER_KEY", "1");
    expect((await refused("acme 0", work(), {}, { stated: {} }))?.message).toContain(
      "one key may hold 1 at once",
    );
    expect(await refused("new", work(), {}, { stated: { ...limits, perTenant: 9 } })).toMatchObject(
      { message: expect.stringContaining("all keys together may hold 4") as string },
    );
  });

  test.each(["0", "-3", "x", "", "2.5", "Infinity", "1e99"])(
    "%j is told and not used",
    async (bad) => {
      const warn = vi.spyOn(console, "warn").mockReturnValue();
      for (const name of [
        "TOOLGATE_STREAMS",
        "TOOLGATE_STREAMS_PER_TENANT",
        "TOOLGATE_STREAMS_PER_KEY",
      ])
        vi.stubEnv(name, bad);
      expect(await open(13)).toBe(12);
      expect(warn.mock.calls.slice(0, 3).map(([text]) => String(text))).toEqual([
        "toolgate: TOOLGATE_STREAMS must be a whole number, 1 or more. It counts as 24.",
        "toolgate: TOOLGATE_STREAMS_PER_KEY must be a whole number, 1 or more. It counts as 4.",
        "toolgate: TOOLGATE_STREAMS_PER_TENANT must be a whole number, 1 or more. It counts as 12.",
      ]);
    },
  );
});

test.each<[string, Stream | undefined, Partial<Verdict>]>([
  ["a call that is answered at once", undefined, {}],
  ["a call that is refused further in", work(), { refusal: { kind: "task_only" } }],
  ["a caller without a principal", work(), { context: {} }],
])("%s takes none", async (_what, stream, inner) => {
  await t.run(async (ctx) =>
    streamBudget(limits).decide(ctx as unknown as GateTx, claimOf(stream), async () => ({
      context: { principal: caller("a") },
      ...inner,
    })),
  );
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("a lease that is not renewed ends by itself; one that is given back is gone", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await decide("a");
  await decide("a");
  vi.setSystemTime(Date.now() + 45_000);
  expect((await decide("a")).refusal).toBeUndefined();
  vi.useRealTimers();
  const [first] = await rows(t, "toolgateStreamLeases");
  const renew = (endsAt?: number) =>
    t.run(async (ctx) =>
      renewStreamLease.handler(ctx as unknown as GateTx, {
        streamLease: first!._id,
        ...(endsAt === undefined ? {} : { endsAt }),
      }),
    );
  await renew(Date.now() + 300_000);
  expect((await rows(t, "toolgateStreamLeases"))[0]!.expiresAt).toBeGreaterThan(Date.now());
  await renew();
  expect((await rows(t, "toolgateStreamLeases")).map(({ _id }) => _id)).not.toContain(first!._id);
  // A second time there is nothing to give back.
  expect(await renew()).toBeNull();
});
