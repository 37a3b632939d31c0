/**
 * What a call over the limit is told, and that it does nothing.
 *
 * @spec RFC 6585 section 4
 */
import { describe, expect, test, vi } from "vitest";
import { post, rows, rpc, type Reply } from "../../support/gate";
import { modernHeaders, modernMessage } from "../../support/speak";
import { admitted, at, drain, key, keyId, read, start, statuses, t, times } from "./setup";

describe("a refusal", () => {
  test("is 429 with everything a client needs to wait", async () => {
    vi.stubEnv("TOOLGATE_ALLOWED_ORIGINS", "https://app.example");
    const message = { jsonrpc: "2.0", id: "call-7", method: "resources/list" };
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
          "Too many requests: the key limit is 30 per minute, and a write counts as 4. Retry after 6 s.",
        data: { retryAfter: 6 },
      },
    });
    const wait = headers.get("retry-after")!;
    expect(wait).toBe("6");
    expect(headers.get("ratelimit")).toBe(`"key";r=0;t=${wait}`);
    expect(headers.get("ratelimit-policy")).toBe('"key";q=48;w=96, "tenant";q=150;w=60');
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
      for (const row of await ctx.db.query("toolgateBuckets").collect())
        if (row.name === bucket) {
          const tokens = Math.random() < 0.5 ? 0 : Math.random() * cost * 0.999;
          await ctx.db.patch(row._id, { tokens, at: start + now });
        }
    });

  const write = () => rpc(t, key, "tools/call", { name: "customers_create" });

  test.each<[string, string, number, number, () => Promise<Reply>]>([
    ["a read", "key", 1, 6, read],
    ["a write", "key", 4, 24, write],
    ["a read", "tenant", 1, 6, read],
    ["a write", "tenant", 1, 24, write],
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
      for (const row of await ctx.db.query("toolgateBuckets").collect())
        if (row.name === "tenant:acme") await ctx.db.patch(row._id, { tokens: 10, at: start });
    });
    const write = (index: number) =>
      rpc(t, key, "tools/call", {
        name: "customers_create",
        arguments: { name: "Ada", email: `ada${String(index)}@example.com` },
      });
    const replies = await times(60, write);
    expect(await rows(t, "customers")).toHaveLength(admitted(replies));
    const tenantTokens = (await rows(t, "toolgateBuckets"))
      .filter(({ name }) => name === "tenant:acme")
      .reduce((sum, { tokens }) => sum + tokens, 0);
    expect(tenantTokens).toBeCloseTo(240 - admitted(replies), 1);
  });
});

test("faults of a key are counted and recorded like any other call", async () => {
  const mismatch = () =>
    post(t, key, modernMessage("tools/list"), { ...modernHeaders("tools/call") });
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.25");
  const replies = await times(150, mismatch);
  const told = replies.filter(({ status }) => status === 400);
  expect(statuses(replies)).toEqual([400, 429]);
  expect(told.length).toBeLessThanOrEqual(48);
  expect(told.length).toBeGreaterThanOrEqual(36);
  const reasons = (await rows(t, "toolgateAudit"))
    .filter(({ method }) => method === "tools/list")
    .map(({ outcome, reason }) => `${outcome} ${reason ?? ""}`);
  expect(reasons.sort()).toEqual([
    ...told.map(() => "denied header_mismatch"),
    ...Array<string>(10).fill("denied rate_limit_key"),
  ]);
});
