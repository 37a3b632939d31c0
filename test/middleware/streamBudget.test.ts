/**
 * The budget of open streams: exact caps, and refusals that say when to come back.
 *
 * @spec RFC 6585 section 4
 */
import { describe, expect, test } from "vitest";
import { issueKey, rows } from "../support/gate";
import { newApp, newGate } from "../support/longApp";
import { ask, call, open, responseOf, until, type Heard } from "../support/streamClient";
import { keysFor, newSocket, PER_DEPLOYMENT, PER_KEY } from "./budget";

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

describe("at once", () => {
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
});
