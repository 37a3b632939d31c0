/**
 * The budget of open streams: exact caps, refusals that say when to come back, places that find their way home.
 *
 * @spec RFC 6585 section 4
 */
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows, type Backend } from "../support/gate";
import { newApp, newGate, serve, type Script } from "../support/longApp";
import { ask, call, open, responseOf, start, until, type Heard } from "../support/streamClient";

const PER_KEY = 4;
const PER_DEPLOYMENT = 24;
const LEASE_MS = 45_000;

const closers: (() => Promise<void>)[] = [];

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
});

const keysFor = async (t: Backend, count: number, tenants: readonly string[]) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const tenant = tenants[i % tenants.length]!;
      return (await issueKey(t, { subject: `s${i}`, tenant })).key;
    }),
  );

const newSocket = async (script: Script, keyCount = 1, tenants = ["acme"]) => {
  const t = await newApp(script);
  const keys = await keysFor(t, keyCount, tenants);
  const { url, close } = await serve(t);
  closers.push(close);
  return { t, url, keys };
};

const expectRefused = async (heard: Heard, id: string | number, whose: string, limit: number) => {
  await heard.ended;
  expect(heard.status).toBe(429);
  expect(heard.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(heard.headers.get("content-type")).toBe("application/json");
  expect(responseOf(heard)).toMatchObject({ id, error: { code: 429 } });
  expect(responseOf(heard).error!.message).toBe(
    `Too many open streams: ${whose} may hold ${limit} at once. Retry after ${heard.headers.get("retry-after")} s.`,
  );
};

test("40 streams asked for at once by two keys: 4 each get in, and 200 ordinary calls all succeed", async () => {
  const gate = newGate();
  const { t, url, keys } = await newSocket(() => gate.opened, 2);
  const asked = Array.from({ length: 40 }, (_, i) =>
    open(url, keys[i % 2]!, "slow", { label: String(i) }, { id: `call ${i}` }),
  );
  const ordinary = Array.from({ length: 200 }, (_, i) =>
    call(url, keys[i % 2]!, "read", { text: `t${i}` }),
  );
  const heard = await Promise.all(asked);
  const admitted = heard.map(({ status }) => status === 200);
  for (const parity of [0, 1]) {
    expect(admitted.filter((isIn, i) => isIn && i % 2 === parity)).toHaveLength(PER_KEY);
  }
  for (const [i, stream] of heard.entries()) {
    if (!admitted[i]) await expectRefused(stream, `call ${i}`, "one key", PER_KEY);
  }
  expect((await Promise.all(ordinary)).map(({ structuredContent }) => structuredContent)).toEqual(
    ordinary.map((_, i) => ({ result: `t${i}` })),
  );
  // A refused call started nothing.
  expect(await rows(t, "toolgateJobs")).toHaveLength(2 * PER_KEY);
  expect(await rows(t, "toolgateStreamLeases")).toHaveLength(2 * PER_KEY);
  const denied = (await rows(t, "toolgateAudit")).filter(({ reason }) => reason === "stream_limit");
  expect(denied).toHaveLength(40 - 2 * PER_KEY);
  gate.open();
  const ended = await Promise.all(heard.map((stream) => stream.ended));
  expect(
    ended.filter((_, i) => admitted[i]).map((stream) => responseOf(stream).result),
  ).toHaveLength(2 * PER_KEY);
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0);
  expect((await open(url, keys[0]!, "slow")).status).toBe(200);
});

test("a place is freed by its lease when its holder died", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const { key, keyId } = await issueKey(t);
  await t.run(async (ctx) => {
    for (let i = 0; i < PER_KEY; i++) {
      await ctx.db.insert("toolgateStreamLeases", {
        ...{ keyId, tenant: "acme", listens: false },
        ...{ endsAt: Date.now() + 2 * LEASE_MS, expiresAt: Date.now() + LEASE_MS },
      });
    }
  });
  expect((await open(t, key, "slow")).status).toBe(429);
  // Two: within a transaction the time may be a millisecond ahead of a clock that stands still.
  vi.setSystemTime(Date.now() + LEASE_MS - 2);
  expect((await open(t, key, "slow")).status).toBe(429);
  vi.setSystemTime(Date.now() + 3);
  const heard = await open(t, key, "slow");
  expect(heard.status).toBe(200);
  // The sweep takes the dead rows and leaves the living one.
  vi.setSystemTime(Date.now() + 2);
  expect(await t.mutation(internal.toolgate.jobs.sweep, {})).toMatchObject({ streams: PER_KEY });
  expect(await rows(t, "toolgateStreamLeases")).toHaveLength(1);
  gate.open();
  await heard.ended;
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("a holder that lives renews its lease", async () => {
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const { key } = await issueKey(t);
  vi.useFakeTimers({ toFake: ["Date"] });
  const heard = await open(t, key, "slow");
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 1);
  const [first] = await rows(t, "toolgateStreamLeases");
  vi.setSystemTime(Date.now() + 20_100);
  await until(async () => {
    const [now] = await rows(t, "toolgateStreamLeases");
    return now!.expiresAt > Date.now() + LEASE_MS / 2;
  });
  expect((await rows(t, "toolgateStreamLeases")).map(({ _id }) => _id)).toEqual([first!._id]);
  gate.open();
  await heard.ended;
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("what is refused for another reason takes no place: unknown tool, no right, no token left", async () => {
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const viewer = await issueKey(t, { role: "viewer" });
  for (const name of ["scarce", "no_such_tool"]) {
    const heard = await (await open(t, viewer.key, name)).ended;
    expect(responseOf(heard).error!.code).toBe(-32602);
  }
  process.env.TOOLGATE_LIMIT_SCALE = "0.1";
  try {
    let heard;
    do {
      const other = new AbortController();
      heard = await open(t, viewer.key, "slow", {}, { signal: other.signal });
    } while (heard.status === 200);
    await heard.ended;
    expect(heard.status).toBe(429);
    expect(responseOf(heard).error!.message).toMatch(/^Too many requests/);
    expect(await rows(t, "toolgateStreamLeases")).toHaveLength(
      (await rows(t, "toolgateJobs")).length,
    );
  } finally {
    process.env.TOOLGATE_LIMIT_SCALE = "1000000";
  }
  gate.open();
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0);
});

test("a tenant whose keys all listen takes half of its places, and nobody else's", async () => {
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const viewers = await keysFor(t, 24, ["globex"]);
  const leave = new AbortController();
  const listen = (key: string, id: number) =>
    ask(
      t,
      key,
      "subscriptions/listen",
      { notifications: { toolsListChanged: true } },
      { era: "modern", id, signal: leave.signal },
    );
  const heard = await Promise.all(viewers.map(listen));
  const statuses = heard.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(6);
  expect(statuses.filter((status) => status === 429)).toHaveLength(18);
  const refused = await heard.find(({ status }) => status === 429)!.ended;
  expect(responseOf(refused).error!.message).toContain("listening, one tenant may hold 6 at once");
  // The caller is told when the first of them is over.
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(1_700);
  const [mine, other] = await keysFor(t, 2, ["acme", "globex"]);
  const works = await Promise.all(
    [mine, mine, mine, mine, other].map((key, id) => open(t, key!, "slow", {}, { id })),
  );
  expect(works.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await call(t, viewers[0]!, "read", { text: "x" })).isError).toBeUndefined();
  gate.open();
  leave.abort();
  await Promise.all([...works, ...heard].map(({ ended }) => ended));
});

// They mostly wait, so they wait together.
describe.concurrent("at once", () => {
  test("by 16 keys of three tenants: 24 in all", async () => {
    const gate = newGate();
    const { t, url, keys } = await newSocket(() => gate.opened, 16, ["acme", "globex", "initech"]);
    const heard = await Promise.all(
      Array.from({ length: 40 }, (_, i) => open(url, keys[i % 16]!, "slow", {}, { id: i })),
    );
    expect(heard.filter(({ status }) => status === 200)).toHaveLength(PER_DEPLOYMENT);
    for (const [i, stream] of heard.entries()) {
      if (stream.status !== 200) {
        await expectRefused(stream, i, "all keys together", PER_DEPLOYMENT);
      }
    }
    expect(await rows(t, "toolgateStreamLeases")).toHaveLength(PER_DEPLOYMENT);
    gate.open();
    await Promise.all(heard.map(({ ended }) => ended));
    await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0);
  });

  test("callers that take only JSON hold places too", async () => {
    const gate = newGate();
    const { t, url, keys } = await newSocket(() => gate.opened);
    const waiting = Array.from({ length: PER_KEY }, () =>
      open(url, keys[0]!, "slow", {}, { accept: "application/json" }),
    );
    await until(async () => (await rows(t, "toolgateStreamLeases")).length === PER_KEY);
    expect((await open(url, keys[0]!, "slow")).status).toBe(429);
    gate.open();
    await Promise.all(waiting);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test.each(["legacy", "modern"] as const)(
    "%s: a client that leaves gives its place back",
    async (era) => {
      const gate = newGate();
      const { t, url, keys } = await newSocket(() => gate.opened);
      const leaving = new AbortController();
      const streams = await Promise.all(
        Array.from({ length: PER_KEY }, (_, id) =>
          open(url, keys[0]!, "slow", {}, { era, id, signal: leaving.signal }),
        ),
      );
      expect((await open(url, keys[0]!, "slow", {}, { era })).status).toBe(429);
      leaving.abort();
      await Promise.all(streams.map(({ ended }) => ended));
      await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0, 1_500);
      const again = await open(url, keys[0]!, "slow", {}, { era });
      expect(again.status).toBe(200);
      gate.open();
      await again.ended;
    },
  );

  test("a call that cannot start a job gives its place back at once", async () => {
    const t = await newApp(async () => "done");
    const { key } = await issueKey(t);
    for (let i = 0; i < PER_KEY + 1; i++) {
      expect((await call(t, key, "slow", { label: "x".repeat(950_000) })).isError).toBe(true);
    }
    const args = { idempotencyKey: "the-same-key" };
    for (let i = 0; i < PER_KEY + 2; i++) await call(t, key, "slow", args);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test("tasks and ordinary calls hold no place, and are not refused when all are taken", async () => {
    const gate = newGate();
    const t = await newApp(() => gate.opened);
    const { key } = await issueKey(t);
    const streams = await Promise.all(
      Array.from({ length: PER_KEY }, (_, id) => open(t, key, "slow", {}, { id })),
    );
    for (let i = 0; i < 6; i++) await start(t, key);
    const jobId = (await rows(t, "toolgateJobs"))[0]!.jobId;
    expect((await call(t, key, "jobs_get", { jobId })).structuredContent).toMatchObject({ jobId });
    expect((await call(t, key, "jobs_cancel", { jobId })).structuredContent).toMatchObject({
      jobId,
    });
    expect(await rows(t, "toolgateStreamLeases")).toHaveLength(PER_KEY);
    gate.open();
    await Promise.all(streams.map(({ ended }) => ended));
  });

  test("a batch holds a place for one call at a time", async () => {
    const t = await newApp(async () => "done");
    const { key } = await issueKey(t);
    const response = await t.fetch("/mcp", {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
        ...{ authorization: `Bearer ${key}`, "mcp-protocol-version": "2025-03-26" },
      },
      body: JSON.stringify(
        Array.from({ length: 6 }, (_, id) => ({
          ...{ jsonrpc: "2.0", id, method: "tools/call", params: { name: "slow", arguments: {} } },
        })),
      ),
    });
    const replies = (await response.json()) as { id: number; result?: object }[];
    expect(replies.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(replies.every(({ result }) => result !== undefined)).toBe(true);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });
});
