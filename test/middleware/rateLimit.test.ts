/** Rate limits: what gets through, what the others are told, and who is not touched by it. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import {
  bearer,
  callTool,
  issueKey,
  listTools,
  newBackend,
  newServer,
  post,
  rows,
  rpc,
  type Backend,
  type Reply,
} from "../support/gate";
import { behind, type Front } from "../support/http";

const PEPPER = `test:${"pepper-".repeat(6)}`;
const OTHER_PEPPER = `test:${"another-".repeat(6)}`;

let t: Backend;
let key: string;
let keyId: string;

/** Time stands still unless a test moves it, so nothing is refilled in between. */
const start = Date.UTC(2030, 0, 1);
const at = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: start + ms });

beforeEach(async () => {
  at(0);
  t = await newServer();
  ({ key, keyId } = await issueKey(t));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const ping = (as = key) => rpc(t, as, "ping");
const burst = (count: number, as = key) => times(count, () => ping(as));
const admitted = (replies: readonly Reply[]) =>
  replies.filter(({ status }) => status === 200).length;
const statuses = (replies: readonly Reply[]) =>
  [...new Set(replies.map(({ status }) => status))].sort();

/** Says no as soon as a call is refused. */
const drain = async (call: () => Promise<Reply>, most = 300): Promise<Reply> => {
  // A refusal only says that two shards are empty, so a few more make sure that all are.
  let last: Reply | undefined;
  for (let refused = 0, sent = 0; refused < 40 && sent < most; sent++) {
    const reply = await call();
    if (reply.status === 429) refused++;
    last = reply.status === 429 ? reply : last;
  }
  return last!;
};

describe("a burst of one key", () => {
  test.each([10, 50, 100, 200])(
    "of %d parallel calls is let in up to 48, and 36 at least",
    async (count) => {
      for (let run = 0; run < 3; run++) {
        const { key: fresh } = await issueKey(t);
        // The tenant's own limit is not what is tested here.
        await t.run(async (ctx) => {
          for (const row of await ctx.db.query("mcpBuckets").collect())
            if (row.name.startsWith("tenant:")) await ctx.db.patch(row._id, { tokens: 1000 });
        });
        const replies = await burst(count, fresh);
        expect(admitted(replies)).toBeLessThanOrEqual(48);
        expect(admitted(replies)).toBeGreaterThanOrEqual(Math.min(count, 36));
        expect(statuses(replies)).toEqual(count > 48 ? [200, 429] : [200]);
      }
    },
  );

  test("is let in again as its tokens come back, two a second", async () => {
    await drain(ping);
    let again = 0;
    for (const seconds of [10, 20]) {
      at(seconds * 1000);
      again += admitted(await burst(60));
      expect(again).toBeLessThanOrEqual(2 * seconds);
      expect(again).toBeGreaterThanOrEqual(1.2 * seconds);
    }
    // Never more than the burst, however long nobody called.
    at(24 * 60 * 60 * 1000);
    expect(admitted(await burst(100))).toBeLessThanOrEqual(48);
  });

  test("does not lose from a clock that goes back", async () => {
    at(-60_000);
    expect(admitted(await burst(60))).toBeGreaterThanOrEqual(36);
  });

  test("does not gain from a clock that goes back", async () => {
    await drain(ping);
    at(-60_000);
    expect(admitted(await burst(20))).toBe(0);
  });
});

describe("a refusal", () => {
  test("is 429 with everything a client needs to wait", async () => {
    vi.stubEnv("TOOLGATE_ALLOWED_ORIGINS", "https://app.example");
    const message = { jsonrpc: "2.0", id: "call-7", method: "ping" };
    const { status, headers, json } = await drain(() =>
      post(t, key, message, { origin: "https://app.example" }),
    );
    expect(status).toBe(429);
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: "call-7",
      error: {
        code: 429,
        message:
          "Too many requests: the key limit is 120 per minute, and a write counts as 4. Retry after 3 s.",
      },
    });
    const wait = headers.get("retry-after")!;
    expect(wait).toBe("3");
    expect(headers.get("ratelimit")).toBe(`"key";r=0;t=${wait}`);
    expect(headers.get("ratelimit-policy")).toBe('"key";q=48;w=24, "tenant";q=200;w=20');
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
    const exposed = headers.get("access-control-expose-headers")!.toLowerCase().split(", ");
    expect(exposed).toEqual(
      expect.arrayContaining(["retry-after", "ratelimit", "ratelimit-policy"]),
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(JSON.stringify([...headers]) + JSON.stringify(json)).not.toContain("acme");
  });

  /** Leaves some tokens in every shard, but fewer than a call costs; none at all every other time. */
  const empty = (bucket: string, cost: number, now: number) =>
    t.run(async (ctx) => {
      for (const row of await ctx.db.query("mcpBuckets").collect())
        if (row.name === bucket) {
          const tokens = Math.random() < 0.5 ? 0 : Math.random() * cost * 0.999;
          await ctx.db.patch(row._id, { tokens, at: start + now });
        }
    });

  const write = () => rpc(t, key, "tools/call", { name: "customers_create" });

  test.each<[string, string, number, number, () => Promise<Reply>]>([
    ["a read", "key", 1, 3, ping],
    ["a write", "key", 4, 12, write],
    ["a read", "tenant", 1, 2, ping],
    ["a write", "tenant", 1, 2, write],
  ])("of %s by the %s limit ends when Retry-After has passed, 100 times of 100", async (...row) => {
    const [, policy, cost, seconds, call] = row;
    let now = 0;
    for (let time = 0; time < 100; time++) {
      // Enough of everything else.
      at((now += 60_000));
      await empty(`${policy}:${policy === "tenant" ? "acme" : keyId}`, cost, now);
      const refused = await call();
      expect(refused.headers.get("retry-after")).toBe(String(seconds));
      expect([refused.status, refused.headers.get("ratelimit")?.split(";")[0]]).toEqual([
        429,
        `"${policy}"`,
      ]);
      at((now += Number(refused.headers.get("retry-after")) * 1000));
      expect((await call()).status).toBe(200);
    }
  });

  test("does not run the tool, and takes no other token", async () => {
    await t.run(async (ctx) => {
      for (const row of await ctx.db.query("mcpBuckets").collect())
        if (row.name === "tenant:acme") await ctx.db.patch(row._id, { tokens: 10, at: start });
    });
    const write = (index: number) =>
      rpc(t, key, "tools/call", {
        name: "customers_create",
        arguments: { name: "Ada", email: `ada${String(index)}@example.com` },
      });
    const replies = await times(60, write);
    expect(await rows(t, "customers")).toHaveLength(admitted(replies));
    const tenantTokens = (await rows(t, "mcpBuckets"))
      .filter(({ name }) => name === "tenant:acme")
      .reduce((sum, { tokens }) => sum + tokens, 0);
    expect(tenantTokens).toBe(160 - admitted(replies));
  });
});

describe("the limits are apart", () => {
  test("another key of the tenant is not touched", async () => {
    const other = await issueKey(t);
    await burst(100);
    expect(admitted(await burst(10, other.key))).toBe(10);
  });

  test("a tenant's keys share 200, and another tenant is not touched", async () => {
    const keys = [key];
    for (let more = 0; more < 7; more++) keys.push((await issueKey(t)).key);
    const replies = (await Promise.all(keys.map((each) => burst(40, each)))).flat();
    expect(admitted(replies)).toBeLessThanOrEqual(200);
    expect(admitted(replies)).toBeGreaterThanOrEqual(150);
    const policies = replies
      .filter(({ status }) => status === 429)
      .map(({ headers }) => headers.get("ratelimit")!.split(";")[0]);
    expect(policies).toContain('"tenant"');
    const { key: foreign } = await issueKey(t, { tenant: "globex" });
    expect(admitted(await burst(10, foreign))).toBe(10);
  });

  test("a denied tool costs a token all the same", async () => {
    const { key: viewer } = await issueKey(t, { role: "viewer" });
    const denied = () => rpc(t, viewer, "tools/call", { name: "nonesuch" });
    expect(statuses(await times(60, denied))).toEqual([200, 429]);
    expect(statuses(await burst(5, viewer))).toContain(429);
  });

  test("lists, discovery and GET cost a token too", async () => {
    await burst(100);
    const list = await drain(() => rpc(t, key, "tools/list"));
    expect(list.status).toBe(429);
    const get = async () => {
      const response = await t.fetch("/mcp", { headers: bearer(key) });
      return { status: response.status } as Reply;
    };
    expect((await drain(get)).status).toBe(429);
  });
});

describe("a write takes four tokens of its key's", () => {
  const write = (as = key, name = "customers_create") => rpc(t, as, "tools/call", { name });
  /** Tokens that are left in all shards of a bucket, at a moment when none has come back. */
  const left = async (bucket: string) =>
    (await rows(t, "mcpBuckets"))
      .filter(({ name }) => name === bucket)
      .reduce((sum, { tokens, at: since }) => sum + (since === 0 ? NaN : tokens), 0);
  /** Every shard full, as of now. */
  const refill = () =>
    t.run(async (ctx) => {
      for (const row of await ctx.db.query("mcpBuckets").collect()) {
        const tokens = row.name.startsWith("key:") ? 8 : 12.5;
        await ctx.db.patch(row._id, { tokens, at: start });
      }
    });

  test("so 12 are let in at once, and half of a burst of 12 at least", async () => {
    const replies = await times(12, () => write());
    expect(admitted(replies)).toBeGreaterThanOrEqual(6);
    const more = await times(60, () => write());
    expect(admitted(replies) + admitted(more)).toBe(12);
    expect(more.find(({ status }) => status === 429)!.headers.get("ratelimit")).toBe(
      '"key";r=0;t=12',
    );
  });

  test("so 30 are let in a minute, and no more", async () => {
    await drain(write);
    let again = 0;
    for (let seconds = 6; seconds <= 120; seconds += 6) {
      at(seconds * 1000);
      again += admitted(await times(12, () => write()));
    }
    expect(again).toBeLessThanOrEqual(60);
    expect(again).toBeGreaterThanOrEqual(54);
  });

  test.each([
    ["a mutation", "customers_create", 4],
    ["an action", "customers_import", 4],
    ["a query", "customers_search", 1],
    ["what is no tool", "nonesuch", 1],
  ])("%s", async (_what, name, cost) => {
    await refill();
    const reply = await write(key, name);
    expect([reply.status, reply.json.error?.code ?? -32602]).toEqual([200, -32602]);
    expect(await left(`key:${keyId}`)).toBe(48 - cost);
    expect(await left("tenant:acme")).toBe(199);
  });

  test("but one that the role does not allow costs no more than a tool that there is not", async () => {
    const viewer = await issueKey(t, { role: "viewer" });
    await refill();
    for (const name of ["customers_create", "nonesuch"]) await write(viewer.key, name);
    expect(await left(`key:${viewer.keyId}`)).toBe(46);
  });

  test("and a refused one none: reads go on with what is left", async () => {
    await t.run(async (ctx) => {
      for (const row of await ctx.db.query("mcpBuckets").collect())
        if (row.name === `key:${keyId}`) await ctx.db.patch(row._id, { tokens: 3, at: start });
    });
    expect(statuses(await times(20, () => write()))).toEqual([429]);
    expect(await left(`key:${keyId}`)).toBe(18);
    expect(admitted(await times(9, () => ping()))).toBeGreaterThanOrEqual(6);
  });
});

describe("wrong secrets", () => {
  const wrong = async <T>(work: () => Promise<T>): Promise<T> => {
    vi.stubEnv("TOOLGATE_PEPPERS", OTHER_PEPPER);
    const result = await work();
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
    return result;
  };

  test("5,000 calls with one stay 401, write a bounded number of rows, and lock nobody out", async () => {
    const rowsBefore = (await rows(t, "mcpAudit")).length;
    const bucketsBefore = (await rows(t, "mcpBuckets")).length;
    const replies: Reply[] = [];
    for (let round = 0; round < 25; round++) replies.push(...(await wrong(() => burst(200))));
    expect(statuses(replies)).toEqual([401]);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    const written = (await rows(t, "mcpAudit")).slice(rowsBefore);
    expect(written.length).toBeLessThanOrEqual(10);
    expect(new Set(written.map(({ reason }) => reason))).toEqual(new Set(["wrong_secret"]));
    expect((await rows(t, "mcpBuckets")).length - bucketsBefore).toBeLessThanOrEqual(1);
    const good = await burst(48);
    expect(admitted(good)).toBeGreaterThanOrEqual(36);
  }, 60_000);

  test("of unknown keys share one limit, and another key's failures are still recorded", async () => {
    const elsewhere = await newServer();
    const unknown: string[] = [];
    for (let index = 0; index < 20; index++) unknown.push((await issueKey(elsewhere)).key);
    const before = (await rows(t, "mcpAudit")).length;
    const replies = await times(500, (index) => ping(unknown[index % 20]));
    expect(statuses(replies)).toEqual([401]);
    const written = (await rows(t, "mcpAudit")).length - before;
    expect(written).toBeLessThanOrEqual(80);
    expect(written).toBeGreaterThanOrEqual(60);
    await wrong(() => ping());
    expect((await rows(t, "mcpAudit")).at(-1)).toMatchObject({ reason: "wrong_secret", keyId });
  });

  test("are recorded again as the minute passes", async () => {
    await wrong(() => burst(50));
    const before = (await rows(t, "mcpAudit")).length;
    at(20_000);
    await wrong(() => burst(50));
    expect((await rows(t, "mcpAudit")).length - before).toBe(10);
  });

  test("a revoked key is a failure too: its calls stay 401 and are bounded", async () => {
    await t.mutation(internal.keys.revoke, { keyId });
    const before = (await rows(t, "mcpAudit")).length;
    expect(statuses(await burst(100))).toEqual([401]);
    expect((await rows(t, "mcpAudit")).length - before).toBeLessThanOrEqual(10);
  });
});

describe("TOOLGATE_LIMIT_SCALE", () => {
  test.each(["0", "-1", "x", "", "NaN", "Infinity"])("%j counts as 1", async (scale) => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", scale);
    const count = admitted(await burst(60));
    expect(count).toBeLessThanOrEqual(48);
    expect(count).toBeGreaterThanOrEqual(36);
  });

  test("raises rate and burst, and the policy says so", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "3");
    at(60_000);
    const replies = await burst(200);
    expect(admitted(replies)).toBeLessThanOrEqual(144);
    expect(admitted(replies)).toBeGreaterThanOrEqual(108);
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.headers.get("ratelimit-policy")).toBe('"key";q=144;w=24, "tenant";q=600;w=20');
  });

  test("holds for a key's first burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "3");
    const { key: fresh } = await issueKey(t);
    expect(admitted(await burst(144, fresh))).toBeGreaterThanOrEqual(108);
  });

  test("lowers rate and burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.5");
    const count = admitted(await burst(60));
    expect(count).toBeLessThanOrEqual(24);
    expect(count).toBeGreaterThanOrEqual(18);
  });

  test.each(["0.3", "0.1", "0.01"])(
    "%s slows writes down and does not stop them",
    async (scale) => {
      vi.stubEnv("TOOLGATE_LIMIT_SCALE", scale);
      let passed = 0;
      for (let minute = 0; minute < 10; minute++) {
        at(minute * 60_000);
        passed += admitted(
          await times(10, () => rpc(t, key, "tools/call", { name: "stock_adjust" })),
        );
      }
      expect(passed).toBeGreaterThan(0);
    },
  );
});

describe("when Convex gives up", () => {
  const conflict =
    'Documents read from or written to the "mcpBuckets" table changed while this mutation was being run and on every ' +
    'subsequent retry. A call to "gate:admit" changed the document with ID "k17". See https://docs.convex.dev/error#1';
  const slots =
    "TooManyConcurrentRequests: Too many concurrent requests in a short period of time.";

  const failing = async (front: Front): Promise<void> => {
    const broken = newBackend(behind(front));
    await broken.mutation(internal.erp.tenants.create, {
      slug: "acme",
      name: "Acme",
      currency: "EUR",
    });
    t = broken;
    ({ key } = await issueKey(broken));
  };

  const throwing = (message: string) => () => Promise.reject(new Error(message));

  test.each([conflict, slots])("on the admission, it is 503 and try again: %s", async (message) => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    await failing((_ctx, _request, next) => next({ runMutation: throwing(message) }));
    for (const [method, params] of [
      ["ping", undefined],
      ["tools/list", undefined],
      ["tools/call", { name: "customers_create", arguments: { name: "A", email: "a@b.example" } }],
    ] as const) {
      const { status, headers, json, text } = await rpc(t, key, method, params);
      expect([method, status]).toEqual([method, 503]);
      expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
      expect(json).toMatchObject({ jsonrpc: "2.0", id: 1, error: { code: 503 } });
      expect(text).not.toMatch(/mcpBuckets|k17|Documents/);
    }
    expect(await rows(t, "customers")).toEqual([]);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });

  test("two times of three, calls in between are answered", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    let asked = 0;
    await failing((ctx, _request, next) =>
      next({
        runMutation: (ref, ...args) =>
          asked++ % 3 === 0 ? ctx.runMutation(ref, ...args) : throwing(conflict)(),
      }),
    );
    expect(statuses(await burst(30))).toEqual([200, 503]);
    warn.mockRestore();
  });

  test.each(["secret table mcpKeys", "Uncaught Error: Too many concurrent mcpKeys"])(
    "any other fault is 500 without a word about it: %s",
    async (message) => {
      const error = vi.spyOn(console, "error").mockReturnValue();
      await failing((_ctx, _request, next) => next({ runMutation: throwing(message) }));
      const { status, json } = await ping();
      expect([status, json.error?.code]).toEqual([500, -32603]);
      expect(json.error?.message).toMatch(/^Internal error. Quote [\da-f-]{36} to the operator\.$/);
      error.mockRestore();
    },
  );

  test("for lack of a slot, on the query that follows, it is 503 too", async () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    await failing((_ctx, _request, next) => next({ runQuery: throwing(slots) }));
    const replies = [
      await rpc(t, key, "tools/list"),
      await rpc(t, key, "tools/call", { name: "customers_search" }),
    ];
    error.mockRestore();
    expect(statuses(replies)).toEqual([503]);
  });
});

test("what is let in is served: lists and calls go on as soon as there is a token", async () => {
  await drain(ping);
  at(60_000);
  expect((await listTools(t, key)).length).toBeGreaterThan(0);
  expect((await callTool(t, key, "customers_search")).isError).toBeUndefined();
});
