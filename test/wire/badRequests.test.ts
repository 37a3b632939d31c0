/** Hundreds of bad requests: each gets the documented status and code, and none leaves anything behind. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { TableNames } from "../../convex/_generated/dataModel";
import schema from "../../convex/schema";
import {
  bearer,
  dump,
  issueKey,
  jsonHeaders,
  newServer,
  post,
  send,
  SITE_URL,
} from "../support/gate";
import { envelopes, unknownModernMethods } from "./bad/envelope";
import { jsonTexts } from "./bad/json";
import { shapes, unknownMethods } from "./bad/jsonrpc";
import { junkKeys, refusedKeys, withChecksum } from "./bad/keys";
import { ping, type BadRequest } from "./bad/row";
import { calls, malformedCalls } from "./bad/tools";
import { ALLOWED, forms, goodAccepts, goodContentTypes, hosts, origins } from "./bad/transport";

process.env.TOOLGATE_LIMIT_SCALE = "1000";
process.env.TOOLGATE_ALLOWED_ORIGINS = ALLOWED.join(", ");

const t = await newServer({ demo: true });
const good = await issueKey(t);
const other = await issueKey(t);

const lapsedKeys = async (): Promise<Record<string, string>> => {
  const [revoked, expired, rotated, lastMinute] = await Promise.all(
    [1, 2, 3, 4].map(() => issueKey(t)),
  );
  await t.mutation(internal.keys.revoke, { keyId: revoked!.keyId });
  await t.action(internal.keys.rotate, { keyId: rotated!.keyId });
  await t.run(async (ctx) => {
    for (const { keyId } of [expired!, lastMinute!]) {
      const row = await ctx.db
        .query("mcpKeys")
        .withIndex("by_keyId", (q) => q.eq("keyId", keyId))
        .unique();
      await ctx.db.patch("mcpKeys", row!._id, {
        expiresAt: keyId === expired!.keyId ? 0 : Date.now(),
      });
    }
  });
  return {
    "a revoked key": revoked!.key,
    "a key long expired": expired!.key,
    "a key expired just now": lastMinute!.key,
    "a key that was rotated": rotated!.key,
    "a key never issued": withChecksum(`cvxmcp_live_000000000001_${"A".repeat(43)}`),
    "a good id with a made-up secret": withChecksum(`cvxmcp_live_${good.keyId}_${"A".repeat(43)}`),
    "a good id with the secret of another key": withChecksum(
      `cvxmcp_live_${good.keyId}_${other.key.slice(25, 68)}`,
    ),
    "a good key for the other environment": withChecksum(
      good.key.slice(0, 68).replace("_live_", "_test_"),
    ),
    "a revoked id with a made-up secret": withChecksum(
      `cvxmcp_live_${revoked!.keyId}_${"A".repeat(43)}`,
    ),
  };
};

const lapsed = await lapsedKeys();

const withoutNull = (headers: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
  );

const bodyOf = (body: unknown): BodyInit =>
  typeof body === "string" || body instanceof Uint8Array
    ? (body as BodyInit)
    : JSON.stringify(body);

const sendBad = ({ body = ping, headers = {}, path }: Partial<BadRequest>) => {
  const all = { ...jsonHeaders, ...bearer(good.key), ...headers };
  // Bytes: fetch would add a Content-Type of its own for a text.
  const sent = bodyOf(body);
  const bytes = typeof sent === "string" ? new TextEncoder().encode(sent) : sent;
  return send(t, { method: "POST", headers: withoutNull(all), body: bytes }, path);
};

type Answer = Awaited<ReturnType<typeof sendBad>>;

/** What every reply must have and what none may tell. */
const expectClean = ({ status, headers, text }: Answer) => {
  expect(status).toBeLessThan(500);
  expect(headers.get("content-type")).toBe("application/json");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("vary")).toBe("Origin");
  expect(text).not.toMatch(/\bat .+:\d+:\d+|\.[tj]s:\d+|node_modules|file:|\/(src|convex|work)\//);
  expect(text).not.toMatch(/mcp(Keys|Roles|Audit|Buckets|Idempotency)/);
  expect(text).not.toMatch(/cvxmcp_|HMAC|pepper/i);
  // Nothing in a reply that this server itself would not read.
  expect(JSON.stringify(JSON.parse(text))).not.toMatch(/\\ud[89a-f]/i);
};

const check = async (row: BadRequest) => {
  const reply = await sendBad(row);
  expectClean(reply);
  const { error, result, id } = reply.json;
  const code = result?.isError === true ? "isError" : error?.code;
  expect({ status: reply.status, code, id }).toEqual({
    status: row.status,
    code: row.code,
    id: row.id,
  });
  expect(reply.json).toHaveProperty("jsonrpc", "2.0");
  expect(reply.text).not.toMatch(/\d{20}[a-z]+/i); // An id of convex-test.
  if (error) expect(error.message).toMatch(/\S/);
};

/** The gate's own notes: what a well-formed request of somebody may change. */
const NOTES: TableNames[] = ["mcpAudit", "mcpBuckets"];

const databaseWithout = async (left: readonly string[]) => {
  const all = Object.entries(await dump(t)).filter(([table]) => !left.includes(table));
  expect(all).toHaveLength(Object.keys(schema.tables).length - left.length);
  return Object.fromEntries(all);
};

let count = 0;

/** A test per row, and one that the database is as it was but for the tables in `except`. */
const group = (name: string, rows: readonly BadRequest[], except: readonly string[] = []) => {
  count += rows.length;
  describe(name, () => {
    let before: Record<string, unknown[]>;
    beforeAll(async () => {
      before = await databaseWithout(except);
      expect(before.customers!.length).toBeGreaterThan(0);
    });
    test.each(rows)("$what", async (row) => {
      await check(row);
    });
    test("leave nothing behind", async () => {
      expect(await databaseWithout(except)).toEqual(before);
    });
  });
};

group("texts that are no JSON", jsonTexts);
group("JSON that is no request", shapes);
group("envelopes and version headers", envelopes);
group("origins", origins);
group("media types, encodings, sizes, Accept", forms);
group("junk instead of a key", junkKeys(good.key));
group("malformed tools/call", malformedCalls);
group("keys that are refused", refusedKeys(lapsed), NOTES);
group("methods that are not there", unknownMethods, NOTES);
group("methods that 2026-07-28 has not", unknownModernMethods, NOTES);
group("tools, cursors and arguments", calls, NOTES);

describe("on a loopback site", () => {
  beforeAll(() => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
  });
  afterAll(() => {
    process.env.CONVEX_SITE_URL = SITE_URL;
  });
  group("foreign hosts", hosts);
  test.each(["127.0.0.1:3211", "127.0.0.1", "localhost:3211", "LOCALHOST", "[::1]:3211", "[::1]"])(
    "Host %s is fine",
    async (host) => {
      expect((await sendBad({ headers: { host } })).status).toBe(200);
    },
  );
});

test("none of the rows was lost", () => {
  expect(count).toBeGreaterThanOrEqual(880);
});

describe("good ones among them", () => {
  test.each(goodContentTypes)("Content-Type %s", async (type) => {
    expect((await sendBad({ headers: { "content-type": type } })).status).toBe(200);
  });

  test.each(goodAccepts)("Accept %s", async (accept) => {
    expect((await sendBad({ headers: { accept } })).status).toBe(200);
  });

  test("no Accept", async () => {
    expect((await sendBad({ headers: { accept: null } })).status).toBe(200);
  });

  test.each(["Bearer", "bearer", "BEARER", "Bearer  "])("%s as the scheme", async (scheme) => {
    const headers = { authorization: `${scheme} ${good.key}` };
    expect((await sendBad({ headers })).status).toBe(200);
  });

  test("Content-Encoding identity", async () => {
    expect((await sendBad({ headers: { "content-encoding": "Identity" } })).status).toBe(200);
  });

  test("exactly 1 MiB, and nested 64 deep", async () => {
    const nested = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(62)}${"]".repeat(62)}}}`;
    expect((await sendBad({ body: nested.padEnd(1024 * 1024) })).status).toBe(200);
  });

  test("no Origin", async () => {
    expect((await sendBad({ headers: { origin: null } })).status).toBe(200);
  });
});

describe("bodies that come in pieces", () => {
  const stream = (pieces: (at: number) => Uint8Array | undefined, onCancel?: () => void) => {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = pieces(at++);
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
      cancel: () => onCancel?.(),
    });
  };
  const sendStream = (body: ReadableStream) =>
    send(t, {
      method: "POST",
      headers: { ...jsonHeaders, ...bearer(good.key) },
      body,
      duplex: "half",
    } as RequestInit);

  test("40 MiB that claim nothing: 413, and the rest is not read", async () => {
    let read = 0;
    let cancelled = false;
    const body = stream(
      (at) => {
        read = at + 1;
        return at < 640 ? new Uint8Array(64 * 1024).fill(32) : undefined;
      },
      () => {
        cancelled = true;
      },
    );
    const reply = await sendStream(body);
    expectClean(reply);
    expect(reply.status).toBe(413);
    expect(reply.json.error?.code).toBe(413);
    expect(cancelled).toBe(true);
    expect(read).toBeLessThan(25);
  });

  test("a good request byte by byte, and a character split in two", async () => {
    const bytes = new TextEncoder().encode(
      '{"jsonrpc":"2.0","id":"\u{1f600}","method":"ping","params":{}}',
    );
    const reply = await sendStream(
      stream((at) => (at < bytes.length ? bytes.subarray(at, at + 1) : undefined)),
    );
    expect(reply.json).toEqual({ jsonrpc: "2.0", id: "\u{1f600}", result: {} });
  });

  test("exactly 1 MiB in two pieces", async () => {
    const half = new Uint8Array(512 * 1024).fill(32);
    const first = half.slice();
    first.set(new TextEncoder().encode(JSON.stringify(ping)));
    const pieces = [first, half];
    expect((await sendStream(stream((at) => pieces[at]))).status).toBe(200);
  });

  test("one that breaks off is no fault of the server", async () => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new Error("connection reset"));
      },
    });
    const reply = await sendStream(broken);
    logged.mockRestore();
    expect(reply.status).toBe(400);
  });
});

describe("what a refused key can learn", () => {
  test("nothing: every 401 for a key is the same to the byte", async () => {
    const wrong = [...refusedKeys(lapsed), ...junkKeys(good.key).slice(28, 32)];
    const replies = await Promise.all(wrong.map(sendBad));
    const answers = new Set(
      replies.map(({ status, headers, text }) => JSON.stringify([status, [...headers], text])),
    );
    expect(answers.size).toBe(1);
    expect(replies[0]?.headers.get("www-authenticate")).toBe(
      'Bearer realm="mcp", error="invalid_token"',
    );
  });

  test("without a key: a challenge without an error", async () => {
    const { status, headers } = await sendBad({ headers: { authorization: null } });
    expect([status, headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="mcp"']);
  });

  test("a key works until the millisecond of its expiry", async () => {
    const brief = await issueKey(t);
    const expiresAt = Date.parse(brief.expiresAt);
    vi.useFakeTimers({ toFake: ["Date"], now: expiresAt - 1 });
    const before = await post(t, brief.key, ping);
    vi.setSystemTime(expiresAt);
    const after = await post(t, brief.key, ping);
    vi.useRealTimers();
    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("the key works all the same", async () => {
    expect((await sendBad({})).json).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
  });
});

describe("what is told of what came", () => {
  test("which versions there are", async () => {
    const row = envelopes.find(({ what }) => what.includes("v999.0.0"));
    const { json } = await sendBad(row!);
    expect(json.error?.data).toEqual({ supported: ["2026-07-28"], requested: "v999.0.0" });
  });

  test("the method that is missing, cut", async () => {
    const { json } = await post(t, good.key, { ...ping, method: "m".repeat(10_000) });
    expect(json.error?.message).toBe(`Method not found: ${"m".repeat(64)}`);
  });

  const nameCutInTwo = `${"n".repeat(63)}\u{1f600}`;
  test.each([
    ["a method", { ...ping, method: nameCutInTwo }],
    ["a tool", { ...ping, method: "tools/call", params: { name: nameCutInTwo } }],
  ])("the name of %s, never half a character", async (_what, message) => {
    const { text } = await post(t, good.key, message);
    expect(text).not.toMatch(/\\ud[89a-f]/i);
  });
});

/** Convex strings have a UTF-8 form; half a surrogate pair has none, and an insert of it fails there (not in convex-test). */
test("no row holds half a character", async () => {
  const long = (length: number) => `${"x".repeat(length - 1)}\u{1f600}`;
  await post(t, good.key, { ...ping, method: long(128) });
  await post(t, good.key, { ...ping, method: "tools/call", params: { name: long(128) } });
  const clientInfo = { name: long(128), version: "1" };
  await post(t, good.key, {
    ...ping,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  for (const pad of [2047, 2048]) {
    await post(t, good.key, {
      ...ping,
      method: "tools/call",
      params: { name: "customers_search", arguments: { text: "\u{1f600}".repeat(pad) } },
    });
  }
  expect(JSON.stringify(await dump(t))).not.toMatch(/\\ud[89a-f]/i);
});

describe("whatever comes", () => {
  test("bytes are answered in JSON, below 500", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        expectClean(await sendBad({ body }));
      }),
      { numRuns: 300 },
    );
  });

  test("a good request with one member replaced is too", async () => {
    const messages = [
      { ...ping, params: { _meta: { progressToken: 1 } } },
      {
        ...ping,
        method: "tools/call",
        params: { name: "customers_search", arguments: { text: "a", limit: 1 }, _meta: {} },
      },
      {
        ...ping,
        method: "tools/call",
        params: { name: "customers_create", arguments: { name: "", email: "" } },
      },
      { ...ping, method: "tools/list", params: { cursor: "a" } },
    ];
    /** Every place in a message. */
    const places = (value: unknown): string[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [
            [name],
            ...places(inner).map((rest) => [name, ...rest]),
          ])
        : [];
    const put = (value: unknown, [step, ...rest]: string[], replacement: unknown): unknown => {
      if (step === undefined) return replacement;
      const members = value as Record<string, unknown>;
      return { ...members, [step]: put(members[step], rest, replacement) };
    };
    const spoilt = fc
      .constantFrom(...messages)
      .chain((message) =>
        fc
          .tuple(fc.constantFrom(...places(message)), fc.jsonValue({ maxDepth: 3 }))
          .map(([place, replacement]) => put(message, place, replacement)),
      );
    const customers = (await dump(t)).customers;
    await fc.assert(
      fc.asyncProperty(spoilt, async (message) => {
        const reply = await sendBad({ body: JSON.stringify(message), headers: { accept: null } });
        if (reply.status === 202) expect(reply.text).toBe("");
        else if (reply.headers.get("content-type") === "text/event-stream")
          expect(reply.status).toBe(200);
        else expectClean(reply);
      }),
      { numRuns: 300 },
    );
    expect((await dump(t)).customers).toEqual(customers);
  });
});
