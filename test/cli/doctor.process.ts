/** `toolgate doctor`: quiet on a sound server, and each fault found by the check that is for it, and by no other. */
import { INVALID_KEY_MESSAGE } from "../../src/auth/challenge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mintKey } from "../../src/auth/keyFormat";
import { legacy } from "../../cli/doctor/dialect";
import { examine, type Examined } from "../../cli/doctor/examine";
import type { Status } from "../../cli/doctor/finding";
import { LIMITS, type Limits, type Target } from "../../cli/doctor/target";
import { pass, startFaultProxy, type Fault } from "./faultProxy";
import * as faults from "./faults";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";

let folder: string;
let server: Awaited<ReturnType<typeof startJson>>;
let key: string;
let salesKey: string;

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

beforeAll(async () => {
  folder = await newFolder();
  // Each run takes some requests of the same key.
  server = await startJson(folder, { TOOLGATE_LIMIT_SCALE: "100" });
  key = server.keyOf("accounting");
  salesKey = server.keyOf("sales");
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

/** Long enough for a busy machine, and short where something has to run out. */
const limits: Limits = {
  ...LIMITS,
  requestMs: 3_000,
  listenMs: 4_000,
  silenceMs: 800,
  briefMs: 200,
};

/** Examines the server through a proxy that has a fault. */
const through = async (
  fault: Fault,
  target: Partial<Target> = { key },
  changed: Partial<Limits> = {},
): Promise<readonly Examined[]> => {
  const proxy = await startFaultProxy(new URL(server.url), fault);
  try {
    return await examine({ url: proxy.url, ...target }, { ...limits, ...changed });
  } finally {
    await proxy.close();
  }
};

/** Every check by its name, with what it came to. */
const statuses = (all: readonly Examined[]): Record<string, Status> =>
  Object.fromEntries(all.map(({ name, status }) => [name, status]));

const seenBy = (all: readonly Examined[], name: string): string =>
  all.find((examined) => examined.name === name)!.seen;

const sound: Record<string, Status> = {
  ...{ reach: "ok", clock: "ok", challenge: "ok", "foreign-origin": "ok", preflight: "ok" },
  ...{ "oauth-resource": "ok", "oauth-server": "ok", "oauth-openid": "ok" },
  ...{ "oauth-register": "ok", "oauth-authorize": "ok", "oauth-token": "ok" },
  ...{
    "well-known": "ok",
    pepper: "ok",
    stop: "ok",
    "unknown-key": "ok",
    key: "ok",
    initialize: "ok",
  },
  ...{ "server/discover": "ok", version: "ok", "tools/list": "ok", "tools/call": "ok" },
  ...{
    "event-stream": "ok",
    "long-stream": "skip",
    streams: "skip",
    GET: "ok",
    ...{ "list-p50": "ok", "read-p50": "ok", "write-p50": "skip" },
    "rate-limit": "ok",
  },
};

/** A read is timed only if it could be called. */
const soundBut = (more: Record<string, Status>): Record<string, Status> => {
  const all = { ...sound, ...more };
  return all["tools/call"] === "ok" ? all : { ...all, "read-p50": "skip" };
};

const skipped = (...names: string[]): Record<string, Status> =>
  Object.fromEntries(names.map((name) => [name, "skip"]));

/** What asks more than the two eras' first requests. */
const inside = skipped(
  ...["version", "tools/list", "tools/call", "event-stream", "list-p50", "read-p50"],
);

/** What is left without a key. */
const keyless = {
  ...sound,
  ...skipped("key", "initialize", "server/discover", ...Object.keys(inside), "rate-limit"),
};

const [first, ...others] = Object.keys(sound);
const unreached = { [first!]: "fail", ...skipped(...others) } as const;

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
    const slow = await through(faults.slowTool(700), { key }, { requestMs: 2_000 });
    const read = slow.find(({ name }) => name === "read-p50")!;
    expect(read.p50Ms).toBeGreaterThanOrEqual(700);
    expect(read.seen).toMatch(/in [23] requests/);
    const calls: string[] = [];
    const tool = { name: "customers_create", arguments: {} };
    const all = await through(faults.countsCalls(calls), { key: salesKey, tool });
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
    const all = await through(faults.failsLater(3));
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

const unnamed = skipped("oauth-resource");
const oauth = skipped(...Object.keys(sound).filter((name) => name.startsWith("oauth-")));

const html = "HTTP 200, text/html";

describe.concurrent("faults", () => {
  test.each<[string, Fault, string, Record<string, Status>, string]>([
    [
      "strips WWW-Authenticate",
      faults.stripsChallenge,
      "challenge",
      unnamed,
      "no WWW-Authenticate",
    ],
    ["lets strangers in", faults.asksStrangersIn, "challenge", unnamed, "HTTP 200"],
    ["answers foreign pages", faults.opensToPages, "foreign-origin", {}, "Allow-Origin: *"],
    ["answers any preflight", faults.opensPreflight, "preflight", {}, "Allow-Origin: *"],
    ["answers well-known with HTML", faults.htmlAtWellKnown, "well-known", oauth, "404, text/html"],
    ["hangs on GET", faults.hangsOnGet, "GET", {}, "no answer within 3 s"],
    ["refuses a good key on GET", faults.refusesGet, "GET", {}, "HTTP 401"],
    [
      ...(["has no pepper", faults.noPepper, "pepper"] as const),
      { ...skipped("unknown-key", "key", "initialize", "server/discover"), ...inside },
      "API keys are off",
    ],
    [
      ...(["takes any key", faults.takesAnyKey(() => key), "unknown-key"] as const),
      { pepper: "skip" },
      "HTTP 200",
    ],
    ["strips MCP headers", faults.stripsMcpHeaders, "server/discover", {}, "error -32020"],
    ["has lost the legacy era", faults.breaksLegacy, "initialize", {}, "HTTP 400, error 400"],
    ["has lost the modern era", faults.breaksModern, "server/discover", {}, "error -32022"],
    [
      ...(["answers HTML", faults.answersHtml, "initialize"] as const),
      { "server/discover": "fail", "unknown-key": "fail", pepper: "skip", ...inside },
      html,
    ],
    ["says the key again", faults.echoesKey, "tools/call", {}, "Bad header Bearer [redacted]"],
    ["collects streams", faults.collectsStreams, "event-stream", {}, "Content-Length"],
    ["cuts streams", faults.cutsStreams, "event-stream", {}, "cut after"],
    ["ends streams early", faults.endsStreams, "event-stream", {}, "without a result"],
    ["answers a stream with HTML", faults.unstreams, "event-stream", {}, html],
    [
      ...(["limits without saying until when", faults.limitedBlindly, "rate-limit"] as const),
      { "tools/call": "skip" },
      "without Retry-After",
    ],
  ])("%s", async (_, fault, name, more, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(soundBut({ ...more, [name]: "fail" }));
    expect(seenBy(all, name)).toContain(seen);
    expect(JSON.stringify(all)).not.toContain(key);
  });

  test.each<[string, Fault, string, Record<string, Status>, string]>([
    ["has an old Date", faults.oldDate, "clock", {}, "s behind this machine"],
    ["has no Date", faults.noDate, "clock", {}, "no Date header"],
    ["is two servers", faults.otherVersion, "version", {}, "toolgate-erp 0.0.9"],
    ["lists no tools", faults.emptyToolsList, "tools/list", { "tools/call": "skip" }, "no tools"],
    ["has no tool that reads", faults.onlyWritingTools, "tools/call", {}, "no read-only tool"],
    ["has a tool that fails", faults.failingTool, "tools/call", {}, "customers_search: no"],
    [
      "is over its limit",
      faults.limited,
      "rate-limit",
      { "tools/call": "skip" },
      '3 s, "key";q=48',
    ],
  ])("warns: %s", async (_, fault, name, more, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(soundBut({ ...more, [name]: "warn" }));
    expect(seenBy(all, name)).toContain(seen);
  });

  test.each<[string, Fault, string]>([
    ["drops connections", faults.dropsConnections, "no answer: UND_ERR_SOCKET"],
    ["answers nothing", faults.answersNothing, "no answer within 3 s"],
    ["has nothing there", faults.nothingThere, "HTTP 404"],
    ["redirects", faults.redirects, "HTTP 308, to https://elsewhere.example/mcp"],
    ["has no deployment behind it", faults.badGateway, "HTTP 502"],
    ["refuses the Host", faults.refusesHost, "HTTP 403, Host not allowed"],
  ])("is not reached: %s", async (_, fault, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(unreached);
    expect(seenBy(all, "reach")).toContain(seen);
  });
});

describe.concurrent("OAuth", () => {
  const flow = (status: Status): Record<string, Status> => ({
    ...{ "oauth-register": status, "oauth-authorize": status, "oauth-token": status },
  });

  test("where it is off", async () => {
    const all = await through(faults.withoutOAuth, {});
    expect(statuses(all)).toEqual(keyless);
    for (const name of Object.keys(sound).filter((one) => one.startsWith("oauth-")))
      expect(seenBy(all, name)).toBe("OAuth is off");
  });

  test("the app's own page and the app's own OpenID", async () => {
    const page = await through(faults.ownPage, {});
    expect(statuses(page)).toEqual(keyless);
    expect(seenBy(page, "oauth-authorize")).toBe("the app's own page, at https://app.example.com");
    const openId = await through(faults.ownOpenId, {});
    expect(statuses(openId)).toEqual(keyless);
    expect(seenBy(openId, "oauth-openid")).toBe("the app's own");
  });

  test.each<[string, Fault, string, Record<string, Status>, string]>([
    ["is not named by the 401", faults.unnamedMetadata, "oauth-resource", {}, "names no resource"],
    ["is named elsewhere", faults.foreignMetadata, "oauth-resource", {}, "https://elsewhere"],
    ["lies at the root only", faults.noPathForm, "oauth-resource", {}, "HTTP 404"],
    ["names another resource", faults.otherResource, "oauth-resource", {}, '/mcp/", not http'],
    ["names another server", faults.otherServer, "oauth-resource", {}, "https://elsewhere"],
    ["has no root", faults.noRootServer, "oauth-server", flow("skip"), "HTTP 404"],
    ["has an issuer with a slash", faults.otherIssuer, "oauth-server", {}, "issuer is"],
    [
      ...(["sends tokens elsewhere", faults.otherEndpoint, "oauth-server"] as const),
      { "oauth-token": "skip" },
      "token_endpoint is not at",
    ],
    ["lacks S256", faults.noPkce, "oauth-server", {}, "lacks S256"],
    ["asks for secrets", faults.noPublicClients, "oauth-server", {}, "lacks none"],
    ["lacks iss", faults.noIss, "oauth-server", {}, "lacks true"],
    ["answers OpenID with HTML", faults.htmlAtOpenId, "oauth-openid", {}, html],
    [
      ...(["refuses to register", faults.refusesRegistration, "oauth-register"] as const),
      skipped("oauth-authorize", "oauth-token"),
      "HTTP 403",
    ],
    [
      ...(["registers secrets", faults.registersSecrets, "oauth-register"] as const),
      skipped("oauth-authorize", "oauth-token"),
      "no public client",
    ],
    ["may be framed", faults.framable, "oauth-authorize", {}, "may be framed"],
    ["has a login in front", faults.signInInFront, "oauth-authorize", {}, "HTTP 303"],
    ["redirects anywhere", faults.redirectsAnywhere, "oauth-authorize", {}, "HTTP 303"],
    ["refuses codes oddly", faults.otherGrantError, "oauth-token", {}, "server_error"],
  ])("%s", async (_, fault, name, more, seen) => {
    const all = await through(fault, {});
    expect(statuses(all)).toEqual({ ...keyless, ...more, [name]: "fail" });
    expect(seenBy(all, name)).toContain(seen);
  });
});

describe.concurrent("a long tool", () => {
  const target = () => ({ key, streamTool: { name: "slow", arguments: {} } });

  test.each<[string, Fault, Status, string]>([
    ["steady", faults.steadyTool, "ok", ", 4 events and comments, longest silence"],
    ["silent for too long", faults.silentTool, "fail", "longest silence 1."],
    ["buffered to the end", faults.bufferedTool, "fail", "all at once"],
    ["withheld altogether", faults.withheldTool, "fail", "not a byte in 1.5 s"],
    ["too brief to tell", faults.briefTool, "warn", ", 2 events and comments"],
    [
      "longer than it is listened to",
      faults.endlessTool,
      "ok",
      "left after 1.5 s; the job goes on",
    ],
    ["cut", faults.cutsStreams, "fail", "cut after"],
  ])("%s", async (_, fault, status, seen) => {
    const all = await through(fault, target(), { listenMs: 1_500 });
    const streams = fault === faults.cutsStreams ? { "event-stream": "fail" } : {};
    expect(statuses(all)).toEqual({ ...sound, ...streams, "long-stream": status });
    expect(seenBy(all, "long-stream")).toContain(seen);
  });
});
