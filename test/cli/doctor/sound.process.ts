/** `toolgate doctor` is quiet on a sound server, and times it; a key that is not its own is found. */
import { describe, expect, test } from "vitest";
import { INVALID_KEY_MESSAGE } from "../../../src/auth/challenge";
import { mintKey } from "../../../src/auth/keyFormat";
import { legacy } from "../../../cli/doctor/dialect";
import { examine, type Examined } from "../../../cli/doctor/examine";
import { pass } from "../faultProxy";
import {
  inside,
  key,
  keyless,
  limits,
  salesKey,
  seenBy,
  server,
  skipped,
  sound,
  soundBut,
  statuses,
  through,
} from "./examined";
import * as mcp from "./faults/mcp";

const anyCustomer = async (): Promise<string> => {
  const ask = legacy.ask("tools/call", { name: "customers_search", arguments: {} });
  const headers = { ...ask.headers, Authorization: `Bearer ${salesKey}` };
  const response = await fetch(server.url, { method: "POST", body: ask.body!, headers });
  const { result } = (await response.json()) as {
    result: { structuredContent: { items: [{ id: string }] } };
  };
  return result.structuredContent.items[0].id;
};

const TIMED = /^(\d+) ms, from (\d+) to (\d+) ms in 5 requests: /;

describe.concurrent("a sound server", () => {
  test("gets no warning", async () => {
    const direct = await examine({ url: new URL(server.url), key }, limits);
    expect(statuses(direct)).toEqual(sound);
    expect(statuses(await through(pass))).toEqual(sound);
    expect(seenBy(direct, "version")).toBe("toolgate-erp 0.1.0");
    expect(seenBy(direct, "tools/list")).toBe("14 tools, 10 read-only");
    expect(seenBy(direct, "tools/call")).toMatch(/^customers_search answered after \d+ ms$/);
    expect(seenBy(direct, "rate-limit")).toBe("not met in 16 requests with the key");
  });

  test("streams a long tool that was named", async () => {
    const target = { key, streamTool: { name: "periods_close", arguments: lastMonth() } };
    const all = await through(pass, target, { briefMs: 0, silenceMs: 3_000 });
    expect(statuses(all)).toEqual({ ...sound, "long-stream": "ok" });
    expect(seenBy(all, "long-stream")).toMatch(/^complete after \d\.\d s, \d+ events and comments/);
    const again = await through(pass, target);
    expect(statuses(again)).toEqual({ ...sound, "long-stream": "warn" });
    expect(seenBy(again, "long-stream")).toContain("already_closed");
  });

  test("allows its own origin, and no other", async () => {
    const url = new URL(server.url);
    const own = await examine({ url, origin: url.origin }, limits);
    expect(seenBy(own, "preflight")).toContain(`${url.origin} is allowed`);
    const other = await examine({ url, origin: "https://app.example.com" }, limits);
    const [{ status, todo }] = other.filter(({ name }) => name === "preflight") as [Examined];
    expect([status, todo]).toEqual(["fail", expect.stringContaining("TOOLGATE_ALLOWED_ORIGINS")]);
  });

  test("calls the tool that was named", async () => {
    const found = { name: "products_search", arguments: { text: "bolt" } };
    const all = await through(pass, { key, tool: found });
    expect(seenBy(all, "tools/call")).toMatch(/^products_search answered/);
    const unknown = await through(pass, { key, tool: { name: "stock_adjust", arguments: {} } });
    expect(statuses(unknown)).toEqual(soundBut({ "tools/call": "fail" }));
  });

  test("times a list, a read, and the write that was named", async () => {
    const again = { customerId: await anyCustomer(), city: "Turin" };
    const writeTool = { name: "customers_update", arguments: again };
    const all = await examine({ url: new URL(server.url), key: salesKey, writeTool }, limits);
    expect(statuses(all)).toEqual({ ...sound, "write-p50": "ok" });
    for (const [name, what] of [
      ["list-p50", "tools/list"],
      ["read-p50", "customers_search"],
      ["write-p50", "customers_update"],
    ] as const) {
      const { seen, p50Ms } = all.find((examined) => examined.name === name)!;
      const [, p50, least, most] = TIMED.exec(seen)!.map(Number);
      expect(seen.endsWith(`: ${what}`)).toBe(true);
      expect(p50Ms).toBe(p50);
      expect([least, p50, most].toSorted((a, b) => a! - b!)).toEqual([least, p50, most]);
    }
  });

  test("times what is slow, and no tool unasked that may write", async () => {
    const slow = await through(mcp.slowTool(700), { key }, { requestMs: 2_000 });
    const read = slow.find(({ name }) => name === "read-p50")!;
    expect(read.p50Ms).toBeGreaterThanOrEqual(700);
    expect(read.seen).toMatch(/in [23] requests/);
    const calls: string[] = [];
    const tool = { name: "customers_create", arguments: {} };
    const all = await through(mcp.countsCalls(calls), { key: salesKey, tool });
    expect(seenBy(all, "read-p50")).toBe("customers_create is not announced as read-only");
    expect(calls).toHaveLength(1);
  });

  test("says why a write was not timed", async () => {
    const seen = async (name: string, args = {}) => {
      const all = await through(pass, { key: salesKey, writeTool: { name, arguments: args } });
      const { status, seen: told } = all.find((examined) => examined.name === "write-p50")!;
      return `${status} ${told}`;
    };
    expect(await seen("no_such_tool")).toBe("fail no_such_tool is not in tools/list");
    expect(await seen("customers_create")).toMatch(/^warn customers_create: .*name/);
  });

  test("reports a fault that comes only while it times", async () => {
    const all = await through(mcp.failsLater(3));
    expect(statuses(all)).toEqual({ ...sound, "read-p50": "fail" });
    expect(seenBy(all, "read-p50")).toContain("HTTP 503");
  });

  test("is examined without a key, as far as that goes", async () => {
    expect(statuses(await through(pass, {}))).toEqual(keyless);
  });
});

/** The demo has orders in it. Each test that closes a month needs one of its own. */
const lastMonth = () => {
  const day = new Date();
  day.setUTCDate(0);
  return { period: day.toISOString().slice(0, 7) };
};

describe.concurrent("keys", () => {
  const entries = skipped("initialize", "server/discover", ...Object.keys(inside));

  test("a key of another deployment", async () => {
    const stranger = await mintKey("live");
    const all = await through(pass, { key: stranger.key });
    expect(statuses(all)).toEqual({ ...sound, ...entries, key: "fail" });
    expect(seenBy(all, "key")).toBe(`HTTP 401, ${INVALID_KEY_MESSAGE}`);
  });

  test("a mistyped key, which is not sent", async () => {
    const seen: unknown[] = [];
    const mistyped = `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`;
    const all = await through(
      (passage) => {
        seen.push(passage.headers.authorization);
        return pass(passage);
      },
      { key: mistyped },
    );
    const none = { ...entries, "rate-limit": "skip" };
    expect(statuses(all)).toEqual({ ...sound, ...none, key: "fail" });
    expect(seen).not.toContain(`Bearer ${mistyped}`);
  });
});
